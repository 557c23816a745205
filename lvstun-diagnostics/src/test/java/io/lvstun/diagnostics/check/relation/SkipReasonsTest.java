// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkipReasonsTest {

  private static Subject subject(HostFacts director) {
    Cluster cluster = Clusters.of(director, Recorded.facts("json-rs1"));
    return new Subject(Catalogue.checks().get(0), cluster, cluster.member("rs").orElseThrow());
  }

  private static HostFacts routed() {
    return Clusters.plainDirector(
        facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));
  }

  @Test
  void routedServerIsNotTunnelled() {
    assertThat(SkipReasons.notTunnelled(subject(routed())))
        .contains("no director reaches it through a tunnel");
    assertThat(SkipReasons.notIpip(subject(routed())).orElseThrow())
        .endsWith(", not by IPv4 in IPv4");
    assertThat(SkipReasons.endpoints(subject(routed()))).isEmpty();
  }

  @Test
  void tunnelledServerOrOneInNoTableIsExamined() {
    HostFacts nothing = Clusters.edited("json-director", facts -> facts.text("ipvs", ""));
    for (HostFacts director : List.of(Clusters.plainDirector(), nothing)) {
      assertThat(SkipReasons.notTunnelled(subject(director))).isEmpty();
      assertThat(SkipReasons.notIpip(subject(director))).isEmpty();
    }
    assertThat(SkipReasons.endpoints(subject(Clusters.plainDirector())))
        .contains((ServiceKey.Endpoint) ServiceKey.tcp("192.168.1.200", 80));
  }

  @Test
  void growthIsSaidWithItsTimeOrElseTheValue() {
    Member server = subject(Clusters.plainDirector()).member();
    assertThat(SkipReasons.growth(server, "Ip.InAddrErrors").orElseThrow())
        .matches("Ip\\.InAddrErrors \\+0 in \\d+ ms, 0 since boot");
    assertThat(SkipReasons.growth(server, "Ip.None")).isEmpty();
    assertThat(SkipReasons.words(List.of(1, 2, 1))).isEqualTo("1, 2");
  }

  @Test
  void ipv4AloneCounts() {
    Cluster cluster = Clusters.withServer(Recorded.facts("json-rs1"));
    assertThat(cluster.virtualAddresses()).contains(IpAddress.parse("fd00::200"));
    assertThat(SkipReasons.virtualIpv4(cluster))
        .contains(IpAddress.parse("192.168.1.200"))
        .allMatch(java.net.Inet4Address.class::isInstance);
  }
}
