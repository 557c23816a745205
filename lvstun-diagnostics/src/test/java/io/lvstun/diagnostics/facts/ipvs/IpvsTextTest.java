// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpvsTextTest {

  @Test
  void procIsRead() {
    List<ServiceState> services =
        IpvsText.proc(
            """
            /proc/net/ip_vs:IP Virtual Server version 1.2.1 (size=4096)
            /proc/net/ip_vs:Prot LocalAddress:Port Scheduler Flags
            /proc/net/ip_vs:  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
            /proc/net/ip_vs:TCP  C0A801C8:0050 wlc persistent 7500 FFFFFFFF
            /proc/net/ip_vs:  -> C0A80165:0050      Tunnel  2147483647      3          1234567890
            /proc/net/ip_vs:UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr ops
            /proc/net/ip_vs:  -> [2001:0db8:0000:0000:0000:0000:0000:0002]:0035      Route   0      0          0
            /proc/net/ip_vs:FWM  80000001 IPv6 sh
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
        "x:TCP  C0A801:0050 rr",
        "x:TCP  C0A801C8:zz rr",
        "x:TCP  C0A801C8:0050 rr\nx:  -> C0A80165:0050 Tunnel many 0 0",
        "x:TCP  C0A801C8:0050 rr\nx:  -> C0A80165:0050 Tunnel 2147483648 0 0",
        "x:FWM  zz rr",
        "x:FWM  00000000 rr"
      })
  void tableThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> IpvsText.proc(text)).isInstanceOf(IllegalArgumentException.class);
  }

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
  void daemonsOfOldAndNewVersionsAreRead() {
    List<SyncDaemon> daemons =
        IpvsText.daemons(
            "master sync daemon (mcast=eth0, syncid=1)\n"
                + "backup sync daemon (mcast=eth1, syncid=2, maxlen=1472, group=224.0.0.82,"
                + " port=9000, ttl=3)\n");
    assertThat(daemons)
        .extracting(SyncDaemon::role, SyncDaemon::interfaceName, SyncDaemon::port, SyncDaemon::ttl)
        .containsExactly(
            tuple(SyncDaemon.Role.MASTER, "eth0", 8848, 1),
            tuple(SyncDaemon.Role.BACKUP, "eth1", 9000, 3));
    assertThat(daemons.get(1).group()).isEqualTo(IpAddress.parse("224.0.0.82"));
    assertThat(IpvsText.daemons("")).isEmpty();
  }

  @Test
  void timeoutsAreReadOrRefused() {
    assertThat(IpvsText.timeouts("Timeout (tcp tcpfin udp): 900 120 300\n").tcpFin())
        .hasSeconds(120);
    assertThatThrownBy(() -> IpvsText.timeouts("Timeout (tcp tcpfin udp): 900 120\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no time-outs in the output of ipvsadm");
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
