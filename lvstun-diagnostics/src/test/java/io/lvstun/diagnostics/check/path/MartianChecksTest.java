// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onDirector;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets that come from nowhere. */
class MartianChecksTest {

  private static final HostFacts ROUTED =
      plainDirector(
          facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));

  @Nested
  class OuterSource {

    @Test
    void passesWithTheDirectorsOwnAddress() {
      assertThat(onDirector("RPF-005", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWithTheVirtualOneAndStatesTheSource() {
      Finding finding =
          onDirector(
              "RPF-005",
              facts ->
                  facts.replace(
                      "route-to",
                      "\"dst\":\"192.168.1.101\",\"dev\":\"eth0\",\"prefsrc\":\"192.168.1.100\"",
                      "\"dst\":\"192.168.1.101\",\"gateway\":\"192.168.1.1\",\"dev\":\"eth0\","
                          + "\"prefsrc\":\"192.168.1.200\""));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("192.168.1.101").doesNotContain("192.168.1.102");
      assertThat(commands(finding))
          .containsExactly(
              "ip -4 route replace 192.168.1.101/32 via 192.168.1.1 dev eth0 src 192.168.1.100");
      assertThat(finding.evidence())
          .anyMatch(evidence -> evidence.excerpt().contains("in_martian_src"));
    }

    /** As health checks leave it that get no answer either. */
    private static Recorded emptied(Recorded facts) {
      return facts
          .text(
              "ipvs",
              """
              /proc/net/ip_vs:IP Virtual Server version 1.2.1 (size=4096)
              /proc/net/ip_vs:Prot LocalAddress:Port Scheduler Flags
              /proc/net/ip_vs:  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
              /proc/net/ip_vs:TCP  C0A801C8:0050 wrr
              """)
          .text("ipvs-save", "-A -t 192.168.1.200:80 -s wrr\n");
    }

    private static Recorded virtual(Recorded facts) {
      return facts.replace(
          "route-to",
          "\"dst\":\"192.168.1.101\",\"dev\":\"eth0\",\"prefsrc\":\"192.168.1.100\"",
          "\"dst\":\"192.168.1.101\",\"dev\":\"eth0\",\"prefsrc\":\"192.168.1.200\"");
    }

    @Test
    void failsForStatedServersThatHealthChecksTookOutOfTheTable() {
      HostFacts director = edited("json-director", facts -> virtual(emptied(facts)));
      Report report = Doctor.analyse(Clusters.of(director, Recorded.facts("json-rs1")));
      Finding finding = find(report, "RPF-005", "director");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("192.168.1.101");
      assertThat(commands(finding))
          .containsExactly("ip -4 route replace 192.168.1.101/32 dev eth0 src 192.168.1.100");
      assertThat(find(report, "IPV-004", "director").causedBy()).containsExactly("RPF-005");
    }

    @Test
    void passesForStatedServersWithTheDirectorsOwnAddress() {
      Finding finding = onDirector("RPF-005", facts -> emptied(facts));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.evidence().get(0).excerpt()).contains("192.168.1.101");
    }

    @Test
    void isSkippedWhereNoRouteToAStatedServerIsKnown() {
      Finding finding = onDirector("RPF-005", facts -> emptied(facts).text("route-to", ""));
      assertThat(finding.status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheTableIsNotKnown() {
      Finding finding =
          onDirector(
              "RPF-005", facts -> facts.unreadable("ipvs", "denied").unreadable("ipvs-save", "no"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
    }

    @Test
    void isSkippedWithoutTunnels() {
      assertThat(
              finding(Clusters.of(ROUTED, Recorded.facts("json-rs1")), "RPF-005", "director")
                  .status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereRoutesAreNotKnown() {
      assertThat(onDirector("RPF-005", facts -> facts.text("route-to", "")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Vantage {

    @ParameterizedTest
    @CsvSource({"RPF-006,director", "RPF-007,rs"})
    void isANoteWithoutOneAndPassesWithIt(String code, String host) {
      Finding without =
          finding(Clusters.of(plainDirector(), Recorded.facts("json-rs1")), code, host);
      assertThat(without.status()).isEqualTo(Status.PASS);
      assertThat(without.notable()).isTrue();
      Topology topology =
          Topology.builder()
              .director("director", Host.netns("director"))
              .realServer("rs", Host.netns("rs"))
              .vantage("client", Host.netns("client"))
              .build();
      Finding with =
          finding(
              Clusters.of(
                  topology,
                  plainDirector(),
                  Recorded.facts("json-rs1"),
                  Recorded.facts("json-client")),
              code,
              host);
      assertThat(with.notable()).isFalse();
    }

    @Test
    void settingOfTheDirectorMustBeKnown() {
      assertThat(onDirector("RPF-006", facts -> facts.unreadable("files", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Answers {

    private Finding halfOpen(int connections, int retransmissions) {
      StringBuilder sockets = new StringBuilder();
      for (int i = 0; i < connections; i++) {
        sockets
            .append("/proc/net/tcp C801A8C0:0050 0A01A8C0:C00")
            .append(i)
            .append(" 03 0000000")
            .append(retransmissions)
            .append('\n');
      }
      return onServer("RPF-008", facts -> facts.text("socket", sockets.toString()));
    }

    @Test
    void failsWhereManyAreAnsweredAgainAndAgain() {
      assertThat(halfOpen(3, 2).status()).isEqualTo(Status.FAIL);
      assertThat(halfOpen(3, 2).evidence().get(0).excerpt()).contains("192.168.1.10:");
    }

    @Test
    void passesWhereTheyAreFewOrNew() {
      assertThat(halfOpen(0, 0).status()).isEqualTo(Status.PASS);
      assertThat(halfOpen(9, 1).notable()).isFalse();
      assertThat(halfOpen(2, 4).notable()).isTrue();
    }

    @Test
    void isSkippedWithoutAddressAndAnErrorWithoutSockets() {
      HostFacts noTable = edited("json-director", facts -> facts.absent("ipvs"));
      UnaryOperator<Recorded> unreadable = facts -> facts.unreadable("socket", "no awk");
      assertThat(
              finding(Clusters.of(noTable, Recorded.facts("json-rs1")), "RPF-008", "rs").status())
          .isEqualTo(Status.SKIP);
      assertThat(onServer("RPF-008", unreadable).status()).isEqualTo(Status.ERROR);
    }
  }

  private static Finding find(Report report, String code) {
    return find(report, code, "rs");
  }

  private static Finding find(Report report, String code, String host) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code) && finding.host().equals(host))
        .findFirst()
        .orElseThrow();
  }
}
