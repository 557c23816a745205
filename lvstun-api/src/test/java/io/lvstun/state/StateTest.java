// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class StateTest {

  private static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);
  private static final ServerState STATE =
      new ServerState(SERVER, 3, 9, 1, Counters.ZERO, Rates.ZERO);

  private static Connection connection(Duration expires) {
    return new Connection(
        Protocol.TCP,
        IpAddress.parse("2001:db8::9"),
        40000,
        IpAddress.parse("2001:db8::1"),
        80,
        IpAddress.parse("198.51.100.1"),
        80,
        "ESTABLISHED",
        expires,
        "sip",
        "call-1");
  }

  @Test
  void connectionIsALineOfIpvsadm() {
    assertThat(connection(Duration.ofSeconds(899)))
        .hasToString("TCP 14:59 ESTABLISHED [2001:db8::9]:40000 [2001:db8::1]:80 198.51.100.1:80");
    assertThat(connection(Duration.ofHours(3)).toString()).startsWith("TCP 180:00 ");
  }

  @Test
  void textDoesNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(connection(Duration.ofSeconds(61)).toString()).startsWith("TCP 01:01 ");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void infoIsTheFirstLineOfIpvsadm() {
    assertThat(new IpvsInfo(0x010201, 4096))
        .hasToString("IP Virtual Server version 1.2.1 (size=4096)");
  }

  @Test
  void serverStateIsALineOfIpvsadm() {
    assertThat(STATE).hasToString("198.51.100.1:80 Tunnel 1 3 9");
    assertThat(STATE.key()).isEqualTo(ServerKey.of("198.51.100.1", 80));
  }

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
  void zeroFiguresAreShared() {
    assertThat(Counters.of(0, 0, 0, 0, 0)).isSameAs(Counters.ZERO);
    assertThat(Rates.of(0, 0, 0, 0, 0)).isSameAs(Rates.ZERO);
    assertThat(Counters.of(0, 0, 0, 0, 1)).isEqualTo(new Counters(0, 0, 0, 0, 1));
    assertThat(Rates.of(1, 2, 3, 4, 5)).isEqualTo(new Rates(1, 2, 3, 4, 5));
    assertThat(Counters.of(-1, 0, 0, 0, 0).connections()).isEqualTo(-1);
  }
}
