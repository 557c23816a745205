// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.health.PoolPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagedServiceTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel();
  private static final RealServer SORRY = RealServer.tunnel("198.51.100.9");

  @Test
  void sorryServerTakesThePortOfTheService() {
    ManagedService managed = ManagedService.of(WEB).pool(PoolPolicy.standard().sorry(SORRY));
    assertThat(managed.pool().sorry()).contains(SORRY.port(80));
    assertThat(managed).hasToString(WEB + " sorry 198.51.100.9:80 Tunnel 1");
  }

  @Test
  void sorryServerIsNoRealServerAndHasWeight() {
    ManagedService managed = ManagedService.of(WEB);
    PoolPolicy same = PoolPolicy.standard().sorry(RealServer.tunnel("198.51.100.1"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> managed.pool(same))
        .withMessage("sorry server 198.51.100.1:80 is a real server of TCP 192.0.2.1:80 already");
    PoolPolicy idle = PoolPolicy.standard().sorry(SORRY.weight(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> managed.pool(idle))
        .withMessageContaining("must have a weight of at least 1, not 0");
  }

  @Test
  void newServersMustNotBeTheSorryServerEither() {
    ManagedService managed = ManagedService.of(WEB).pool(PoolPolicy.standard().sorry(SORRY));
    VirtualService clash = WEB.addRealServer(SORRY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> managed.service(clash))
        .withMessageContaining("is a real server of TCP 192.0.2.1:80 already");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT1H0.001S"})
  void slowStartHasBounds(String window) {
    ManagedService managed = ManagedService.of(WEB);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> managed.slowStart(Duration.parse(window)))
        .withMessage("slow start must take 0 to 1 hour, not " + window);
  }

  @Test
  void servicesAreEqualByContent() {
    ManagedService managed = ManagedService.of(WEB).slowStart(Duration.ofSeconds(5));
    assertThat(managed)
        .isEqualTo(ManagedService.of(WEB).slowStart(Duration.ofMillis(5000)))
        .hasSameHashCodeAs(ManagedService.of(WEB).slowStart(Duration.ofMillis(5000)))
        .isNotEqualTo(ManagedService.of(WEB))
        .hasToString(WEB + " slow start 5 s");
    assertThat(managed.service(WEB.scheduler(Scheduler.RR)).slowStart())
        .isEqualTo(Duration.ofSeconds(5));
  }
}
