// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketTest {

  private static final Firewall.Chain DROPPING = chain();

  private static Firewall.Chain chain() {
    return IptablesParser.parse(
            "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 192.0.2.1/32 -i eth0 -p tcp --dport 80 -m"
                + " conntrack --ctstate NEW -j DROP\n",
            Firewall.Backend.NFT,
            "ip")
        .get(0);
  }

  private static Firewall.Outcome outcome(Packet packet) {
    return Firewall.of(List.of(DROPPING)).walk(Firewall.Hook.INPUT, packet).outcome();
  }

  @Test
  void whatIsNotStatedMayMatchAndWhatIsStatedDecides() {
    Packet packet = Packet.ipv4(6);
    assertThat(outcome(packet)).isEqualTo(Firewall.Outcome.UNCERTAIN);
    Packet whole =
        packet.from(IpAddress.parse("192.0.2.1")).arrivingOn("eth0").toPort(80).inState("new");
    assertThat(outcome(whole)).isEqualTo(Firewall.Outcome.DROP);
    assertThat(outcome(whole.withoutState())).isEqualTo(Firewall.Outcome.UNCERTAIN);
    assertThat(outcome(whole.toPort(81))).isEqualTo(Firewall.Outcome.ACCEPT);
    assertThat(outcome(whole.arrivingOn("eth1"))).isEqualTo(Firewall.Outcome.ACCEPT);
    assertThat(outcome(whole.from(IpAddress.parse("192.0.2.2"))))
        .isEqualTo(Firewall.Outcome.ACCEPT);
    assertThat(outcome(Packet.ipv4(17))).isEqualTo(Firewall.Outcome.ACCEPT);
    assertThat(outcome(Packet.ipv6(6))).isEqualTo(Firewall.Outcome.ACCEPT);
  }

  @Test
  void packetOfTheHostArrivesOnNoDeviceAndOneToItLeavesByNone() {
    assertThat(Packet.ipv4(4).leavingBy("eth0").in()).contains("");
    assertThat(Packet.ipv4(4).arrivingOn("eth0").out()).contains("");
    assertThat(outcome(Packet.ipv4(6).leavingBy("eth0"))).isEqualTo(Firewall.Outcome.ACCEPT);
  }

  @Test
  void copiesKeepTheRest() {
    Packet packet =
        Packet.ipv6(58)
            .from(IpAddress.parse("2001:db8::1"))
            .to(IpAddress.parse("2001:db8::2"))
            .fromPort(1)
            .toPort(2)
            .icmp(3)
            .inState("new")
            .leavingBy("eth0");
    assertThat(packet.source()).contains(IpAddress.parse("2001:db8::1"));
    assertThat(packet.destination()).contains(IpAddress.parse("2001:db8::2"));
    assertThat(packet.sourcePort()).hasValue(1);
    assertThat(packet.destinationPort()).hasValue(2);
    assertThat(packet.icmpType()).hasValue(3);
    assertThat(packet.state()).contains("new");
    assertThat(packet.ipv6()).isTrue();
  }
}
