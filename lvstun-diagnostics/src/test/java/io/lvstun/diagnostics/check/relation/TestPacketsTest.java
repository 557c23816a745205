// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Subject;
import org.junit.jupiter.api.Test;

class TestPacketsTest {

  private static Subject subject(HostFacts director, HostFacts server) {
    Cluster cluster = Clusters.of(director, server);
    Check check =
        Catalogue.checks().stream()
            .filter(one -> one.code().equals("FW-001"))
            .findFirst()
            .orElseThrow();
    return new Subject(check, cluster, cluster.member("rs").orElseThrow());
  }

  @Test
  void packetIsWhatTheDirectorsTableSends() {
    Subject subject = subject(Clusters.plainDirector(), Recorded.facts("json-rs1"));
    Packet packet = TestPackets.outerPackets(subject).get(0);
    assertThat(packet.protocol()).isEqualTo(4);
    assertThat(packet.source()).contains(IpAddress.parse("192.168.1.100"));
    assertThat(packet.destination()).contains(IpAddress.parse("192.168.1.101"));
    assertThat(packet.in()).contains("eth0");
    assertThat(packet.state()).contains("new");
    assertThat(TestPackets.described(packet)).isEqualTo("protocol 4");
    assertThat(TestPackets.from(packet)).isEqualTo(" from 192.168.1.100");
    assertThat(TestPackets.notBare(subject)).isEmpty();
  }

  @Test
  void tunnelInUdpIsAPortToTheFilter() {
    HostFacts director =
        Clusters.plainDirector(
            facts ->
                facts.replace("ipvs-save", "--tun-type ipip", "--tun-type gue --tun-port 6080"));
    Subject subject = subject(director, Recorded.facts("json-rs1"));
    Packet packet = TestPackets.outerPackets(subject).get(0);
    assertThat(packet.protocol()).isEqualTo(17);
    assertThat(TestPackets.described(packet)).isEqualTo("UDP port 6080");
    assertThat(TestPackets.notBare(subject)).contains("the tunnels to it are within UDP");
  }

  @Test
  void serverInNoTableIsAskedForPlainTunnels() {
    HostFacts nothing = Clusters.edited("json-director", facts -> facts.text("ipvs", ""));
    assertThat(TestPackets.outerPackets(subject(nothing, Recorded.facts("json-rs1"))))
        .isNotEmpty()
        .allMatch(packet -> packet.protocol() == 4 && !packet.ipv6());
  }

  @Test
  void clientsPacketHasTheServicesProtocolAndPort() {
    Packet packet = TestPackets.packetFor((ServiceKey.Endpoint) ServiceKey.udp("2001:db8::1", 53));
    assertThat(packet).isEqualTo(Packet.ipv6(17).to(IpAddress.parse("2001:db8::1")).toPort(53));
    assertThat(TestPackets.from(packet)).isEmpty();
  }
}
