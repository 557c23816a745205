// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.ipvs;

import static io.lvstun.diagnostics.check.Directors.onDirector;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Directors;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The checks of the director's connections. */
class IpvsTrafficChecksTest {

  @Nested
  class HalfOpen {

    private static Finding connections(String... lines) {
      return onDirector(
          "IPV-006",
          facts -> Directors.web(facts).text("ipvs-connections", String.join("\n", lines)));
    }

    @Test
    void failsForTheServerThatDoesNotAnswer() {
      Finding finding =
          connections(
              "5 TCP C0A801C8 0050 C0A80165 0050 SYN_RECV",
              "1 TCP C0A801C8 0050 C0A80165 0050 FIN_WAIT",
              "9 TCP C0A801C8 0050 C0A80166 0050 ESTABLISHED",
              "1 TCP C0A801C8 0050 C0A80166 0050 SYN_RECV");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed())
          .contains("rs (192.168.1.101:80)")
          .doesNotContain("192.168.1.102", "floods");
    }

    @Test
    void allServersMayBeAFlood() {
      assertThat(
              connections(
                      "5 TCP C0A801C8 0050 C0A80165 0050 SYN_RECV",
                      "9 TCP C0A801C8 0050 C0A80166 0050 SYN_RECV")
                  .observed())
          .contains("floods");
    }

    @Test
    void fewHalfOpenConnectionsAreUsual() {
      assertThat(connections("2 TCP C0A801C8 0050 C0A80165 0050 SYN_RECV").status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isASymptomOfWhatIsWrongWithTheServer() {
      HostFacts director =
          edited(
              "json-director",
              facts ->
                  Directors.web(facts)
                      .text("ipvs-connections", "5 TCP C0A801C8 0050 C0A80165 0050 SYN_RECV\n"));
      HostFacts server =
          edited(
              "json-rs1",
              facts -> facts.replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\""));
      Finding finding =
          io.lvstun.diagnostics.Doctor.analyse(Clusters.of(director, server)).findings().stream()
              .filter(one -> one.code().equals("IPV-006"))
              .findFirst()
              .orElseThrow();
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.rootCause()).isFalse();
      assertThat(finding.causedBy()).contains("TUN-001");
    }

    @Test
    void isSkippedWithoutConnectionsAndAnErrorWithoutFacts() {
      assertThat(connections("1 TCP C0A801C8 0050 C0A80165 0050 NONE").status())
          .isEqualTo(Status.SKIP);
      assertThat(
              onDirector("IPV-006", facts -> facts.unreadable("ipvs-connections", "denied"))
                  .status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Spread {

    private static Recorded counted(Recorded facts, long first, long second) {
      String form =
          """
          Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
            -> RemoteAddress:Port
          TCP  192.168.1.200:80                    4       20        0     1408        0
            -> 192.168.1.101:80                    %d       10        0      704        0
            -> 192.168.1.102:80                    %d       10        0      704        0
          """;
      return Directors.web(facts)
          .text("ipvs-statistics.1", form.formatted(100, 100))
          .text("ipvs-statistics.2", form.formatted(100 + first, 100 + second))
          .replace("counters.2", "/proc/uptime:42.83", "/proc/uptime:56.37");
    }

    @Test
    void passesWhereSharesAreThoseOfWeights() {
      Finding finding = onDirector("IPV-007", facts -> counted(facts, 50, 150));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void warnsWhereTheyAreNot() {
      Finding finding = onDirector("IPV-007", facts -> counted(facts, 150, 50));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed())
          .contains("192.168.1.101 gets 75 % of the connections, its weight says 25 %");
    }

    @Test
    void roundRobinKnowsNoWeights() {
      assertThat(
              onDirector(
                      "IPV-007",
                      facts ->
                          counted(facts, 50, 150)
                              .replace("ipvs-save", "-s wrr", "-s rr")
                              .replace("ipvs", "wrr", "rr"))
                  .status())
          .isEqualTo(Status.WARN);
    }

    @Test
    void tooLittleOrTooShortIsSkipped() {
      assertThat(onDirector("IPV-007", facts -> counted(facts, 5, 15)).status())
          .isEqualTo(Status.SKIP);
      Finding shortWindow = onDirector("IPV-007", Directors::web);
      assertThat(shortWindow.status()).isEqualTo(Status.SKIP);
      assertThat(shortWindow.observed()).contains("at least 10 s");
    }

    @Test
    void isAnErrorWithoutCounters() {
      assertThat(onDirector("IPV-007", facts -> facts.unreadable("counters.1", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Ping {

    @Test
    void tellsThatItProvesNothing() {
      Topology topology =
          Topology.builder()
              .director("director", Host.netns("director"))
              .vantage("client", Host.netns("client"))
              .build();
      Finding finding =
          finding(
              Clusters.of(topology, Recorded.facts("json-director"), Recorded.facts("json-client")),
              "IPV-012",
              "client");
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
      assertThat(finding.observed()).contains("192.168.1.200 (director)");
      Finding without =
          finding(
              Clusters.of(
                  topology,
                  edited("json-director", facts -> facts.absent("ipvs")),
                  Recorded.facts("json-client")),
              "IPV-012",
              "client");
      assertThat(without.status()).isEqualTo(Status.SKIP);
    }
  }
}
