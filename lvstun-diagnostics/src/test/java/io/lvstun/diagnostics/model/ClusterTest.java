// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.RealServer;
import io.lvstun.VirtualService;
import io.lvstun.cluster.ControlPlane;
import io.lvstun.cluster.Geography;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.LoadReports;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ClusterTest {

  private static final ControlPlane ALL =
      new ControlPlane(
          List.of(
              VirtualService.tcp("192.0.2.10", 80)
                  .addRealServer(RealServer.tunnel("192.0.2.21").weight(5).thresholds(100, 50))),
          HighAvailability.ECMP,
          Optional.of(
              new Geography(
                  List.of(
                      new Geography.Database(
                          "c.mmdb",
                          "GeoLite2-Country",
                          Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                          Optional.empty()),
                      new Geography.Database("d.mmdb", "", Optional.empty(), Optional.of("torn"))),
                  List.of(
                      new Geography.Table(
                          Geography.Backend.NFT,
                          "ip geo",
                          OptionalLong.of(300_000),
                          Optional.of("42"),
                          OptionalInt.of(1),
                          "no memory"),
                      new Geography.Table(
                          Geography.Backend.IPSET,
                          "geo",
                          OptionalLong.empty(),
                          Optional.empty(),
                          OptionalInt.empty(),
                          "")),
                  List.of("nft -f -"))),
          Optional.of(
              new LoadReports(
                  Instant.parse("2026-01-01T00:00:00Z"),
                  Duration.ofSeconds(30),
                  List.of(
                      new LoadReports.Server(
                          "rs1", Instant.parse("2026-01-01T00:00:00Z"), 10, 2, List.of(10, 8))))));

  @Test
  void aDirectorsFactsCarryIt() {
    HostFacts facts =
        Recorded.facts("json-director")
            .with(List.of(Section.read(ControlPlane.SECTION, "stated", ALL.toYaml())));
    Topology bare =
        Topology.builder().director("director", io.lvstun.host.Host.netns("director")).build();
    Cluster cluster = Clusters.of(bare, HostFacts.fromJson(facts.toJson()));
    assertThat(cluster.controlPlane().get()).isEqualTo(ALL);
    assertThat(Clusters.of(bare, Recorded.facts("json-director")).controlPlane().get().stated())
        .isFalse();
  }
}
