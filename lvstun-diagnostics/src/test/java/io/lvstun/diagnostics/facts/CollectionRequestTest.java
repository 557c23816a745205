// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CollectionRequestTest {

  private static final CollectionRequest DEFAULTS = CollectionRequest.DEFAULTS;

  @Test
  void limitsAreKeptToTheirRanges() {
    assertThat(DEFAULTS.sample(Duration.ZERO).sample()).isZero();
    assertThat(DEFAULTS.sample(Duration.ofMinutes(10)).sample()).isEqualTo(Duration.ofMinutes(10));
    assertThat(DEFAULTS.deadline(Duration.ofMillis(100)).deadline()).hasMillis(100);
    assertThat(DEFAULTS.maxOutput(4096).maxOutput()).isEqualTo(4096);
    for (Duration bad : List.of(Duration.ofSeconds(-1), Duration.ofSeconds(601))) {
      assertThatThrownBy(() -> DEFAULTS.sample(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sample must be 0 to 10 min");
    }
    for (Duration bad : List.of(Duration.ofMillis(99), Duration.ofMinutes(61))) {
      assertThatThrownBy(() -> DEFAULTS.deadline(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("deadline must be 100 ms to 1 h, not " + bad);
    }
    assertThatThrownBy(() -> DEFAULTS.maxOutput(4095))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4095");
  }

  /** The script on the host sleeps for whole seconds: a part of one would be lost silently. */
  @Test
  void partOfASecondIsRefusedAsSample() {
    assertThatThrownBy(() -> DEFAULTS.sample(Duration.ofMillis(999)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whole seconds");
  }

  @Test
  void marksAreThirtyTwoBitsAndNeverZero() {
    assertThat(DEFAULTS.marks(List.of(1L, 0xffff_ffffL)).marks()).containsExactly(1L, 4294967295L);
    for (long bad : new long[] {0, -1, 0x1_0000_0000L}) {
      assertThatThrownBy(() -> DEFAULTS.marks(List.of(bad)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("mark must be 1 to 4294967295, not " + bad);
    }
  }

  @Test
  void setsAreCopiedInTheirOrder() {
    Set<InetAddress> targets = new LinkedHashSet<>();
    targets.add(IpAddress.parse("192.0.2.9"));
    targets.add(IpAddress.parse("192.0.2.1"));
    CollectionRequest request = DEFAULTS.routeTargets(targets);
    targets.clear();
    assertThat(request.routeTargets())
        .containsExactly(IpAddress.parse("192.0.2.9"), IpAddress.parse("192.0.2.1"));
    assertThat(request.sample(Duration.ZERO).routeTargets()).hasSize(2);
  }
}
