// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SegmentsTest {

  private static Set<String> shared(HostFacts server) {
    Cluster cluster = Clusters.withServer(server);
    Set<String> names = new HashSet<>();
    Segments.shared(cluster, cluster.member("rs").orElseThrow())
        .forEach(link -> names.add(link.name()));
    return names;
  }

  @Test
  void cardInTheNetworkOfTheAddressSharesItsSegment() {
    assertThat(shared(Recorded.facts("json-rs1"))).containsExactly("eth0");
  }

  @Test
  void cardOfAnotherNetworkDoesNot() {
    assertThat(
            shared(
                Clusters.edited(
                    "json-rs1",
                    facts ->
                        facts
                            .replace("address", "192.168.1.101", "10.9.9.101")
                            .text(
                                "route",
                                "[{\"dst\":\"default\",\"gateway\":\"10.9.9.1\",\"dev\":\"eth0\"}]"))))
        .isEmpty();
  }

  @Test
  void onLinkRouteLeadsToTheAddress() {
    assertThat(
            shared(
                Clusters.edited(
                    "json-rs1",
                    facts ->
                        facts
                            .replace("address", "192.168.1.101", "10.9.9.101")
                            .text(
                                "route",
                                "[{\"dst\":\"192.168.1.0/24\",\"dev\":\"eth0\",\"scope\":\"link\"}]"))))
        .containsExactly("eth0");
  }

  @Test
  void answersLeaveByTheDefaultRoute() {
    Cluster cluster = Clusters.withServer(Recorded.facts("json-rs1"));
    assertThat(Segments.egress(cluster.member("rs").orElseThrow())).contains("eth0");
    Cluster without =
        Clusters.withServer(Clusters.edited("json-rs1", facts -> facts.text("route", "[]")));
    assertThat(Segments.egress(without.member("rs").orElseThrow())).isEmpty();
  }
}
