// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceStateTest {

  private static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);
  private static final ServerState STATE =
      new ServerState(SERVER, 3, 9, 1, Counters.ZERO, Rates.ZERO);

  @Test
  void serviceStateCopiesItsServers() {
    VirtualService service = VirtualService.tcp("192.0.2.1", 80).addRealServer(SERVER);
    List<ServerState> servers = new ArrayList<>(List.of(STATE));
    ServiceState state = new ServiceState(service, servers, Counters.ZERO, Rates.ZERO);
    servers.clear();
    assertThat(state.servers()).containsExactly(STATE).isUnmodifiable();
    assertThat(state.key()).isEqualTo(service.key());
    assertThat(state).hasToString(service.toString());
  }

  @Test
  void serverIsFoundByAddressAndPort() {
    VirtualService service = VirtualService.tcp("192.0.2.1", 80).addRealServer(SERVER);
    ServiceState state = new ServiceState(service, List.of(STATE), Counters.ZERO, Rates.ZERO);
    assertThat(state.server(SERVER.key())).contains(STATE);
    assertThat(state.server(ServerKey.of("198.51.100.1", 81))).isEmpty();
    assertThat(state.server(ServerKey.of("198.51.100.2", 80))).isEmpty();
    ServiceState empty =
        new ServiceState(service.withoutRealServers(), List.of(), Counters.ZERO, Rates.ZERO);
    assertThat(empty.server(SERVER.key())).isEmpty();
  }
}
