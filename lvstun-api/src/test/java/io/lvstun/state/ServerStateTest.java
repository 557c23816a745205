// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import org.junit.jupiter.api.Test;

class ServerStateTest {

  private static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);
  private static final ServerState STATE =
      new ServerState(SERVER, 3, 9, 1, Counters.ZERO, Rates.ZERO);

  @Test
  void serverStateIsALineOfIpvsadm() {
    assertThat(STATE).hasToString("198.51.100.1:80 Tunnel 1 3 9");
    assertThat(STATE.key()).isEqualTo(ServerKey.of("198.51.100.1", 80));
  }

  @Test
  void keyIsThatOfTheDefinitionOfIpv6Too() {
    ServerState state =
        new ServerState(
            RealServer.tunnel("2001:db8::1").port(8080), 0, 0, 0, Counters.ZERO, Rates.ZERO);
    assertThat(state.key()).isEqualTo(ServerKey.of("2001:db8::1", 8080));
    assertThat(state).hasToString("[2001:db8::1]:8080 Tunnel 1 0 0");
  }

  @Test
  void figuresTellStatesApart() {
    assertThat(new ServerState(SERVER, 3, 9, 2, Counters.ZERO, Rates.ZERO)).isNotEqualTo(STATE);
    assertThat(new ServerState(SERVER, 3, 9, 1, Counters.of(1, 0, 0, 0, 0), Rates.ZERO))
        .isNotEqualTo(STATE);
  }
}
