// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.AddressFamily;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServicesFileTest {

  @Test
  void procIsRead() {
    List<ServiceState> services =
        ServicesFile.parse(
            """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port Forward Weight ActiveConn InActConn
            TCP  C0A801C8:0050 wlc persistent 7500 FFFFFFFF
              -> C0A80165:0050      Tunnel  2147483647      3          1234567890
            UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr ops
              -> [2001:0db8:0000:0000:0000:0000:0000:0002]:0035      Route   0      0          0
            FWM  80000001 IPv6 sh
            """);
    assertThat(services)
        .extracting(ServiceState::key)
        .containsExactly(
            ServiceKey.tcp("192.168.1.200", 80),
            ServiceKey.udp("2001:db8::1", 53),
            new ServiceKey.Mark(0x8000_0001L, AddressFamily.IPV6));
    ServerState server = services.get(0).servers().get(0);
    assertThat(server.definition().weight()).isEqualTo(Integer.MAX_VALUE);
    assertThat(server.inactiveConnections()).isEqualTo(1_234_567_890);
    assertThat(server.definition().forwarding()).isEqualTo(Forwarding.TUNNEL);
    assertThat(services.get(0).definition().persistence()).isPresent();
    assertThat(services.get(1).definition().onePacket()).isTrue();
    assertThat(services.get(1).servers().get(0).definition().weight()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TCP  C0A801:0050 rr",
        "TCP  C0A801C8:zz rr",
        "TCP  C0A801C8:0050 rr\n  -> C0A80165:0050 Tunnel many 0 0",
        "TCP  C0A801C8:0050 rr\n  -> C0A80165:0050 Tunnel 2147483648 0 0",
        "FWM  zz rr",
        "FWM  00000000 rr"
      })
  void tableThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> ServicesFile.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /** A service of another protocol does not give its servers to the one before it. */
  @Test
  void serversBelongToTheServiceOfAnyProtocolAboveThem() {
    List<ServiceState> services =
        ServicesFile.parse(
            """
            TCP  0A000001:0050 rr
            IP_47  0A000001:0050 rr
              -> 0A000101:0050      Local   1      0          0
            """);
    assertThat(services.get(0).servers()).isEmpty();
    assertThat(services.get(1).key())
        .isEqualTo(new ServiceKey.Endpoint(Protocol.of(47), IpAddress.parse("10.0.0.1"), 80));
    assertThat(services.get(1).servers().get(0).definition().forwarding())
        .isEqualTo(new Forwarding.Other(1));
  }
}
