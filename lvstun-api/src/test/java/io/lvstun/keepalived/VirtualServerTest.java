// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VirtualServerTest {

  private static final VirtualService SERVICE =
      VirtualService.tcp("192.0.2.1", 80)
          .addRealServer("198.51.100.1")
          .tunnel()
          .addRealServer("198.51.100.2")
          .tunnel();
  private static final ServerKey FIRST = SERVICE.realServers().get(0).key();

  @Test
  void serversWithoutChecksAreAlwaysUp() {
    VirtualServer server =
        VirtualServer.of(SERVICE).checks(Map.of(FIRST, ServerChecks.of(Checker.tcp())));
    assertThat(server.checks(FIRST).checkers()).containsExactly(Checker.tcp());
    assertThat(server.checks(SERVICE.realServers().get(1).key())).isEqualTo(ServerChecks.NONE);
    assertThat(server.checks(Map.of(FIRST, ServerChecks.NONE)))
        .isEqualTo(VirtualServer.of(SERVICE));
    assertThat(VirtualServer.of(SERVICE).checkEach(Checker.ping()).checks()).hasSize(2);
  }

  @Test
  void checksOfAServerThatIsNotThereAreRefused() {
    VirtualServer server = VirtualServer.of(SERVICE).checkEach(Checker.ping());
    assertThatThrownBy(() -> server.service(VirtualService.tcp("192.0.2.1", 80)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which TCP 192.0.2.1:80 does not have");
  }

  @Test
  void hysteresisIsLessThanTheQuorum() {
    VirtualServer server = VirtualServer.of(SERVICE).quorum(3).hysteresis(2);
    assertThatThrownBy(() -> server.hysteresis(3)).hasMessage("hysteresis must be 0 to 2, not 3");
    assertThatThrownBy(() -> server.quorum(2)).hasMessage("hysteresis must be 0 to 1, not 2");
    assertThatThrownBy(() -> server.quorum(0)).hasMessage("quorum must be 1 to 4294967295, not 0");
    assertThat(server.quorum(0xffff_ffffL).hysteresis(0xffff_fffeL).quorum())
        .isEqualTo(0xffff_ffffL);
    assertThatThrownBy(() -> server.timers(timers -> timers.retry(0)))
        .hasMessage("retry must be 1 to 2147483647, not 0");
  }

  @Test
  void sorryServerFitsTheService() {
    VirtualServer server = VirtualServer.of(SERVICE);
    assertThat(server.sorryServer(RealServer.tunnel("198.51.100.9")).sorryServer())
        .contains(RealServer.tunnel("198.51.100.9").port(80));
    assertThatThrownBy(() -> server.sorryServer(RealServer.tunnel("198.51.100.9").port(81)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> server.sorryServer(RealServer.masquerade("2001:db8::1")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void copiesKeepTheRest() {
    VirtualServer all =
        VirtualServer.of(SERVICE)
            .quorum(2)
            .hysteresis(1)
            .omega(true)
            .inhibitOnFailure(true)
            .sorryServer(RealServer.tunnel("198.51.100.9"))
            .sorryServerInhibit(true)
            .checkEach(Checker.ping());
    assertThat(all.omega(false)).isNotEqualTo(all);
    assertThat(all.omega(false).omega(true).service(SERVICE).timers(CheckTimers.INHERITED))
        .isEqualTo(all);
  }
}
