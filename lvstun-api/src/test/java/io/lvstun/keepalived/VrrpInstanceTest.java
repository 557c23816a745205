// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VrrpInstanceTest {

  private static final VrrpInstance INSTANCE = VrrpInstance.of("VI_1", "eth0", 51);

  @Test
  void rangesAreKeepaliveds() {
    assertThat(INSTANCE.virtualRouterId(1).priority(255).advertInterval(Duration.ofMillis(10)))
        .extracting(VrrpInstance::priority)
        .isEqualTo(255);
    assertThatThrownBy(() -> INSTANCE.virtualRouterId(0))
        .hasMessage("virtual_router_id must be 1 to 255, not 0");
    assertThatThrownBy(() -> INSTANCE.priority(256))
        .hasMessage("priority must be 1 to 255, not 256");
    assertThatThrownBy(() -> INSTANCE.advertInterval(Duration.ofMillis(9)))
        .hasMessage("advert_int must be at least 10 ms, not PT0.009S");
    assertThatThrownBy(() -> INSTANCE.advertInterval(Duration.ofSeconds(256)))
        .hasMessageContaining("255 seconds");
    assertThatThrownBy(() -> INSTANCE.version(1)).hasMessage("version must be 2 to 3, not 1");
    assertThatThrownBy(() -> INSTANCE.preemptDelay(Duration.ofSeconds(1001)))
        .hasMessageContaining("1000 seconds");
    assertThatThrownBy(() -> new VrrpInstance.TrackedScript("s", Optional.of(254)))
        .hasMessage("weight must be -253 to 253, not 254");
  }

  @Test
  void eachCopyChangesOneThing() {
    VrrpInstance all =
        INSTANCE
            .state(VrrpInstance.State.MASTER)
            .priority(7)
            .version(2)
            .password("x")
            .source(IpAddress.parse("192.0.2.1"))
            .peers(List.of(IpAddress.parse("192.0.2.2")))
            .preempt(false)
            .preemptDelay(Duration.ofSeconds(3))
            .addAddress("192.0.2.3")
            .addAddress("192.0.2.4/24")
            .excludedAddresses(List.of(VirtualAddress.of("192.0.2.5")))
            .trackedInterfaces(List.of("eth1"))
            .trackedScripts(List.of(new VrrpInstance.TrackedScript("s", Optional.empty())));
    assertThat(all.addresses()).hasToString("[192.0.2.3, 192.0.2.4/24]");
    VrrpInstance changed = all.virtualRouterId(52);
    assertThat(changed).isNotEqualTo(all);
    assertThat(changed.virtualRouterId(51)).isEqualTo(all);
    assertThat(all.priority(9).priority(7).advertInterval(Duration.ofSeconds(9)))
        .isEqualTo(all.advertInterval(Duration.ofSeconds(9)));
  }

  @Test
  void listsAreCopied() {
    List<String> tracked = new ArrayList<>(List.of("eth1"));
    VrrpInstance instance = INSTANCE.trackedInterfaces(tracked);
    tracked.add("a b");
    assertThat(instance.trackedInterfaces()).containsExactly("eth1");
    assertThatThrownBy(() -> INSTANCE.trackedInterfaces(tracked))
        .hasMessageContaining("track_interface");
  }
}
