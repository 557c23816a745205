// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static io.lvstun.Scheduler.WRR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.AddressFamily;
import io.lvstun.VirtualService;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PoolTest {

  @Test
  void becomesAServiceByMark() {
    Pool pool =
        Pool.of(
            "asia",
            s ->
                s.scheduler(WRR)
                    .persistence(Duration.ofSeconds(300))
                    .addRealServer("192.168.2.101")
                    .weight(3)
                    .tunnel());
    assertThat(pool.service(AddressFamily.IPV4, 0x1001))
        .isEqualTo(
            VirtualService.fwmark(0x1001)
                .scheduler(WRR)
                .persistence(Duration.ofSeconds(300))
                .addRealServer("192.168.2.101")
                .weight(3)
                .tunnel());
    assertThat(pool.service(AddressFamily.IPV6, 7).key())
        .isEqualTo(VirtualService.fwmark6(7).key());
  }

  /** The key that the caller gives the service means nothing: the mark is chosen later. */
  @Test
  void poolsAreEqualByContent() {
    Pool one = Pool.of("a", s -> s.addRealServer("192.168.2.101").tunnel());
    Pool two = Pool.of("a", s -> s.addRealServer("192.168.2.101").tunnel());
    assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
    assertThat(one).isNotEqualTo(one.failover("b"));
  }

  @Test
  void namesAreShortAndPlain() {
    for (String name : new String[] {"", "a b", "a\"b", "ä", "x".repeat(33)}) {
      assertThatThrownBy(() -> Pool.of(name, s -> s)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Pool.of("a", s -> s).failover("b", "b"))
        .hasMessageContaining("once each");
  }
}
