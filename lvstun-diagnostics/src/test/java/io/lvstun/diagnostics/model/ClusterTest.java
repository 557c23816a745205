// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.VirtualService;
import io.lvstun.cluster.ClusterDocument;
import io.lvstun.cluster.ClusterStatement;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.host.Host;
import io.lvstun.steering.DatabaseMetadata;
import io.lvstun.steering.LoadedTable;
import io.lvstun.steering.SteeringReport;
import io.lvstun.weight.WeightReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClusterTest {

  private static final ClusterStatement ALL =
      new ClusterStatement(
          List.of(
              VirtualService.tcp("192.0.2.10", 80)
                  .addRealServer(RealServer.tunnel("192.0.2.21").weight(5).thresholds(100, 50))),
          HighAvailability.ECMP,
          Optional.of(
              new SteeringReport(
                  List.of(
                      new DatabaseMetadata(
                          "d.mmdb", "X-City", Optional.of(Instant.EPOCH), Optional.of("torn"))),
                  List.of(
                      new LoadedTable(
                          LoadedTable.Backend.NFT,
                          "ip geo",
                          OptionalLong.of(300_000),
                          Optional.of("42"),
                          Optional.of("no memory"))),
                  List.of("nft -f -"))),
          Optional.of(
              new WeightReport(
                  Instant.EPOCH,
                  Duration.ofSeconds(30),
                  List.of(new WeightReport.Server("rs1", Instant.EPOCH, 10, List.of(10, 8))))));

  @Test
  void aDirectorsFactsCarryIt() {
    HostFacts facts =
        Recorded.facts("json-director")
            .with(
                List.of(
                    Section.read(ClusterStatement.SECTION, "stated", ClusterDocument.write(ALL))));
    Topology bare =
        Topology.builder().director("director", io.lvstun.host.Host.netns("director")).build();
    Cluster cluster = Clusters.of(bare, HostFacts.fromJson(facts.toJson()));
    assertThat(cluster.statement().get()).isEqualTo(ALL);
    assertThat(Clusters.of(bare, Recorded.facts("json-director")).statement().get().stated())
        .isFalse();
  }

  private static final String STRANGERS =
      """
      TCP  C0A801C8:0050 rr
        -> C0A80265:0050      Tunnel  1      0          0
        -> C0A80366:0050      Tunnel  1      0          0
      TCP  C0A801C9:0050 rr
        -> C0A80366:0050      Tunnel  1      0          0
      TCP  0A600001:01BB rr
        -> C0A80164:192B      Masq    1      0          0
      UDP  0A60000A:0035 rr
      """;

  private static Cluster shared(Topology.Builder topology) {
    HostFacts director =
        HostFacts.of(
            "netns:director",
            Instant.EPOCH,
            Duration.ZERO,
            1,
            List.of(
                Section.read(
                    "ipvs",
                    "grep",
                    ("IP Virtual Server version 1.2.1 (size=4096)\n"
                            + "Prot LocalAddress:Port Scheduler Flags\n"
                            + "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n"
                            + STRANGERS)
                        .lines()
                        .map(line -> "/proc/net/ip_vs:" + line)
                        .collect(Collectors.joining("\n")))));
    HostFacts silent = HostFacts.of("netns:rs1", Instant.EPOCH, Duration.ZERO, 1, List.of());
    return Clusters.of(
        topology
            .director("director", Host.netns("director"))
            .realServer("rs1", Host.netns("rs1"), "192.168.2.101")
            .realServer("rs2", Host.netns("rs2"), "192.168.3.102")
            .realServer("pod", Host.netns("pod"), "192.168.1.100")
            .realServer("new", Host.netns("new"), "192.168.3.103")
            .build(),
        director,
        silent,
        silent,
        silent,
        silent);
  }

  private static List<String> wanted(Cluster cluster, String server) {
    return cluster.virtualAddresses(cluster.member(server).orElseThrow()).stream()
        .map(IpAddress::format)
        .toList();
  }

  @Test
  void anAddressIsWantedOnlyWhereATunnelOfItLeads() {
    Cluster cluster = shared(Topology.builder());
    assertThat(wanted(cluster, "rs1")).containsExactly("192.168.1.200");
    assertThat(wanted(cluster, "rs2")).containsExactlyInAnyOrder("192.168.1.200", "192.168.1.201");
    assertThat(wanted(cluster, "pod")).isEmpty();
    assertThat(wanted(cluster, "new")).containsExactlyInAnyOrder("192.168.1.200", "192.168.1.201");
  }

  @Test
  void servicesWithoutATunnelAreSomebodyElses() {
    Cluster cluster = shared(Topology.builder());
    assertThat(cluster.serviceKeys())
        .extracting(Object::toString)
        .containsExactly("TCP 192.168.1.200:80", "TCP 192.168.1.201:80");
    assertThat(cluster.listedBy(cluster.member("pod").orElseThrow())).isPresent();
    assertThat(cluster.strangersOnly(cluster.member("pod").orElseThrow())).isTrue();
    assertThat(cluster.strangersOnly(cluster.member("new").orElseThrow())).isFalse();
  }

  @Test
  void servicesThatAreNamedAreALimit() {
    Cluster cluster = shared(Topology.builder().service("192.168.1.201:80"));
    assertThat(cluster.serviceKeys())
        .extracting(Object::toString)
        .containsExactly("TCP 192.168.1.201:80");
    assertThat(wanted(cluster, "rs2")).containsExactly("192.168.1.201");
    // An address alone stands for all its services.
    assertThat(shared(Topology.builder().service("192.168.1.200")).serviceKeys())
        .extracting(Object::toString)
        .containsExactly("TCP 192.168.1.200:80");
  }
}
