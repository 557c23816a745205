// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.state.ServiceState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpvsTextTest {

  @Test
  void commandsOfIpvsadmAreRead() {
    List<ServiceState> services =
        IpvsText.saved(
            """
            -A -t 192.168.1.200:80 -s rr -p 360 -M 255.255.255.0 --pe sip
            -a -t 192.168.1.200:80 -r 192.168.1.101:80 -i -w 5 --tun-type gue --tun-port 6080 --tun-csum
            -a -t 192.168.1.200:80 -r 192.168.1.102:80 -g
            -A -f -2147483647 -s wlc -6
            -A -u [2001:db8::1]:53 -o
            --unknown line
            """);
    assertThat(services)
        .extracting(ServiceState::key)
        .containsExactly(
            ServiceKey.tcp("192.168.1.200", 80),
            new ServiceKey.Mark(0x8000_0001L, AddressFamily.IPV6),
            ServiceKey.udp("2001:db8::1", 53));
    assertThat(services.get(0).servers().get(0).definition().forwarding())
        .isEqualTo(new Forwarding.Tunnel(Encapsulation.gue(6080).checksum()));
    assertThat(services.get(0).servers().get(1).definition().weight()).isEqualTo(1);
    assertThat(services.get(2).definition().onePacket()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A -s rr",
        "-A -t",
        "-A -t x:80",
        "-A -f 4294967296",
        "-A -f -2147483649",
        "-A -f x",
        "-a -t 192.0.2.1:80 -i",
        "-A -t 192.0.2.1:80 -p x",
        "-A -t 192.0.2.1:99999"
      })
  void commandThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> IpvsText.saved(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void connectionsAreCountedByServerAndState() {
    assertThat(
            IpvsText.connections(
                "3 TCP C0A801C8 0050 C0A80165 0050 SYN_RECV\nx TCP a b c d e\n3 TCP\n"))
        .containsExactly(
            new IpvsTable.ConnectionCount(
                "TCP 192.168.1.200:80", ServerKey.of("192.168.1.101", 80), "SYN_RECV", 3));
    assertThatThrownBy(() -> IpvsText.connections("3 TCP zz 0050 C0A80165 0050 NONE\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
