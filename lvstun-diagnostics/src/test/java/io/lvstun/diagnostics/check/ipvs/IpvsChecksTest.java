// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.ipvs;

import static io.lvstun.diagnostics.check.Directors.commands;
import static io.lvstun.diagnostics.check.Directors.onDirector;
import static io.lvstun.diagnostics.check.Directors.pair;
import static io.lvstun.diagnostics.check.Directors.stated;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.LoadReports;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Directors;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of the director's table, connections and settings. */
class IpvsChecksTest {

  private static Recorded withoutVip(Recorded facts) {
    return facts
        .replace("address", "192.168.1.200", "192.168.1.201")
        .replace(
            "route-to",
            "{\"type\":\"local\",\"dst\":\"192.168.1.200\",\"dev\":\"lo\"",
            "{\"dst\":\"192.168.1.200\",\"dev\":\"eth0\"");
  }

  private static Recorded setting(Recorded facts, String name, String value) {
    return facts.sysctl("net/ipv4/vs/" + name, value);
  }

  @Nested
  class Vip {

    private static Finding vip(UnaryOperator<Recorded> edit) {
      return onDirector("IPV-001", facts -> edit.apply(Directors.web(facts)));
    }

    @Test
    void passesWhereItIsLocal() {
      assertThat(vip(facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereItIsNotAndSaysHow() {
      Finding finding = vip(IpvsChecksTest::withoutVip);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).containsExactly("ip address add 192.168.1.200/32 dev eth0");
    }

    @Test
    void standbyDirectorMayLackIt() {
      Finding finding =
          finding(
              pair(Directors::web, facts -> withoutVip(Directors.web(facts))),
              "IPV-001",
              "director2");
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).contains("stands by");
    }

    @Test
    void ofTwoThatLackItOneIsToGetIt() {
      var neither =
          pair(
              facts -> withoutVip(Directors.web(facts)), facts -> withoutVip(Directors.web(facts)));
      assertThat(commands(finding(neither, "IPV-001", "director")))
          .containsExactly("ip address add 192.168.1.200/32 dev eth0");
      assertThat(finding(neither, "IPV-001", "director2").status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding(neither, "IPV-001", "director2"))).isEmpty();
    }

    @Test
    void withEqualCostPathsEachDirectorNeedsIt() {
      Finding finding =
          finding(
              pair(
                  Topology.builder().highAvailability(HighAvailability.ECMP),
                  Directors::web,
                  facts -> withoutVip(Directors.web(facts))),
              "IPV-001",
              "director2");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
    }

    @Test
    void markedPacketsMustBeLocal() {
      UnaryOperator<Recorded> marked =
          facts ->
              facts
                  .text("ipvs", "/proc/net/ip_vs:FWM  00000007 mh\n")
                  .text("ipvs-save", "-A -f 7 -s mh\n");
      Topology.Builder topology = Topology.builder().service("203.0.113.9");
      Finding finding =
          finding(
              stated(
                  topology,
                  facts ->
                      marked
                          .apply(facts)
                          .text(
                              "route-to",
                              "## 203.0.113.9 mark 7\n203.0.113.9 via 192.168.1.1 dev eth0\n")),
              "IPV-001",
              "director");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("203.0.113.9 with mark 7");
      assertThat(
              finding(
                      stated(
                          Topology.builder().service("203.0.113.9"),
                          facts ->
                              marked
                                  .apply(facts)
                                  .text(
                                      "route-to",
                                      "## 203.0.113.9 mark 7\nlocal 203.0.113.9 dev lo\n")),
                      "IPV-001",
                      "director")
                  .status())
          .isEqualTo(Status.PASS);
      assertThat(onDirector("IPV-001", marked).status()).isEqualTo(Status.SKIP);
      // Another director has it: this one stands by.
      assertThat(
              finding(
                      pair(
                          Topology.builder().service("203.0.113.9"),
                          facts ->
                              marked
                                  .apply(facts)
                                  .text(
                                      "route-to",
                                      "## 203.0.113.9 mark 7\nlocal 203.0.113.9 dev lo\n"),
                          facts ->
                              marked
                                  .apply(facts)
                                  .text(
                                      "route-to",
                                      "## 203.0.113.9 mark 7\n203.0.113.9 via 192.168.1.1 dev"
                                          + " eth0\n")),
                      "IPV-001",
                      "director2")
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWithoutServices() {
      assertThat(vip(facts -> facts.absent("ipvs")).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereAddressesAreNotKnown() {
      Finding finding =
          vip(facts -> facts.text("route-to", "").unreadable("address", "no ip here"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("no ip here");
    }
  }

  @Nested
  class Drift {

    private static final VirtualService WEB =
        VirtualService.tcp("192.168.1.200", 80)
            .scheduler(Scheduler.WRR)
            .addRealServer(RealServer.tunnel("192.168.1.101"))
            .addRealServer(RealServer.tunnel("192.168.1.102").weight(3));

    private static Finding drift(Topology.Builder topology, UnaryOperator<Recorded> edit) {
      return finding(
          stated(topology, facts -> edit.apply(Directors.web(facts))), "IPV-002", "director");
    }

    private static Topology.Builder wanting(VirtualService service) {
      return Topology.builder().desired(service);
    }

    @Test
    void passesWhereTheTableIsAsDesired() {
      assertThat(drift(wanting(WEB), facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void passesWithTheTextOfProcAlone() {
      VirtualService gue =
          WEB.realServer(
              "192.168.1.101",
              server ->
                  server
                      .forwarding(
                          new io.lvstun.Forwarding.Tunnel(io.lvstun.Encapsulation.gue(6080)))
                      .thresholds(10, 5));
      assertThat(drift(wanting(gue), facts -> facts.unreadable("ipvs-save", "none")).status())
          .isEqualTo(Status.PASS);
      assertThat(drift(wanting(gue), facts -> facts).status()).isEqualTo(Status.FAIL);
    }

    @Test
    void namesEachDifferenceAndTheCommand() {
      VirtualService wanted =
          WEB.scheduler(Scheduler.WLC)
              .realServer("192.168.1.102", server -> server.weight(5))
              .addRealServer(RealServer.tunnel("192.168.1.103"))
              .removeRealServer("192.168.1.101");
      Finding finding = drift(wanting(wanted), facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).startsWith("4 differences");
      assertThat(commands(finding))
          .hasSize(4)
          .anyMatch(command -> command.startsWith("ipvsadm -E -t 192.168.1.200:80 -s wlc"))
          .anyMatch(command -> command.contains("-e -t 192.168.1.200:80 -r 192.168.1.102:80"))
          .anyMatch(command -> command.contains("-a -t 192.168.1.200:80 -r 192.168.1.103:80"))
          .anyMatch(command -> command.contains("-d -t 192.168.1.200:80 -r 192.168.1.101:80"));
    }

    @Test
    void weightsThatFollowLoadAreNoDrift() {
      LoadReports loads =
          new LoadReports(
              Instant.EPOCH,
              Duration.ofSeconds(30),
              List.of(new LoadReports.Server("rs", Instant.EPOCH, 1, 1, List.of(1))));
      VirtualService other = WEB.realServer("192.168.1.102", server -> server.weight(7));
      assertThat(drift(wanting(other).loads(loads), facts -> facts).status())
          .isEqualTo(Status.PASS);
      assertThat(drift(wanting(other), facts -> facts).status()).isEqualTo(Status.FAIL);
    }

    @Test
    void aMissingTableIsDriftToo() {
      assertThat(drift(wanting(WEB), facts -> facts.absent("ipvs")).status())
          .isEqualTo(Status.FAIL);
    }

    @Test
    void isSkippedWhereNothingIsStated() {
      assertThat(onDirector("IPV-002", facts -> facts).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheTableCannotBeRead() {
      assertThat(drift(wanting(WEB), facts -> facts.unreadable("ipvs", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class ForwardingMethod {

    private static Recorded oneRouted(Recorded facts) {
      return Directors.web(facts)
          .replace("ipvs", "C0A80165:0050      Tunnel", "C0A80165:0050      Route ")
          .replace(
              "ipvs-save", "192.168.1.101:80 -i -w 1 --tun-type ipip", "192.168.1.101:80 -g -w 1");
    }

    @Test
    void passesWithTunnels() {
      assertThat(onDirector("IPV-003", Directors::web).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereOneServerIsRouted() {
      Finding finding = onDirector("IPV-003", ForwardingMethod::oneRouted);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.evidence().get(0).excerpt()).contains("192.168.1.101");
      assertThat(commands(finding))
          .singleElement()
          .asString()
          .contains("ipvsadm -e -t 192.168.1.200:80 -r 192.168.1.101:80 -i");
    }

    @Test
    void whatIsDesiredIsNotWrong() {
      VirtualService service =
          VirtualService.tcp("192.168.1.200", 80)
              .addRealServer(RealServer.directRouting("192.168.1.101"));
      assertThat(
              finding(
                      stated(Topology.builder().desired(service), ForwardingMethod::oneRouted),
                      "IPV-003",
                      "director")
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWithoutAnyTunnel() {
      Finding finding =
          onDirector(
              "IPV-003",
              facts ->
                  Directors.web(facts)
                      .replace("ipvs", "Tunnel", "Route ")
                      .replace("ipvs-save", "-i ", "-g ")
                      .replace("ipvs-save", " --tun-type ipip", ""));
      assertThat(finding.status()).isEqualTo(Status.SKIP);
      assertThat(onDirector("IPV-003", facts -> facts.absent("ipvs")).status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheTableCannotBeRead() {
      assertThat(onDirector("IPV-003", facts -> facts.unreadable("ipvs", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Weights {

    @Test
    void passesWithAWeight() {
      assertThat(onDirector("IPV-004", Directors::web).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereAllAreZero() {
      Finding finding =
          onDirector(
              "IPV-004",
              facts ->
                  Directors.web(facts)
                      .replace("ipvs", "Tunnel  3", "Tunnel  0")
                      .replace("ipvs", "Tunnel  1", "Tunnel  0"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).hasSize(2).allMatch(command -> command.contains("-w 1"));
    }

    @Test
    void warnsOfAServiceWithoutServers() {
      Finding finding = onDirector("IPV-004", facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("fd00::200");
    }

    @Test
    void isSkippedWithoutServicesAndAnErrorWithoutFacts() {
      assertThat(onDirector("IPV-004", facts -> facts.absent("ipvs")).status())
          .isEqualTo(Status.SKIP);
      assertThat(onDirector("IPV-004", facts -> facts.unreadable("ipvs", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Orphans {

    private static final String ORPHAN = "3 TCP C0A801C8 0050 C0A80199 0050 ESTABLISHED";

    @Test
    void latentSettingIsOnlyNoted() {
      Finding finding = onDirector("IPV-005", Directors::web);
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }

    @Test
    void warnsOfConnectionsThatHang() {
      Finding finding =
          onDirector("IPV-005", facts -> Directors.web(facts).line("ipvs-connections", ORPHAN));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("3 connections", "192.168.1.153:80");
      assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.vs.expire_nodest_conn=1");
    }

    @Test
    void passesWithTheSetting() {
      Finding finding =
          onDirector(
              "IPV-005",
              facts ->
                  setting(
                      Directors.web(facts).line("ipvs-connections", ORPHAN),
                      "expire_nodest_conn",
                      "1"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isFalse();
    }

    @Test
    void isAnErrorWithoutTheConnectionTable() {
      assertThat(
              onDirector("IPV-005", facts -> facts.unreadable("ipvs-connections", "denied"))
                  .status())
          .isEqualTo(Status.ERROR);
    }
  }

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

  @Nested
  class Settings {

    private static Finding with(String code, String... namesAndValues) {
      return onDirector(
          code,
          facts -> {
            Recorded edited = Directors.web(facts);
            for (int i = 0; i < namesAndValues.length; i += 2) {
              edited = setting(edited, namesAndValues[i], namesAndValues[i + 1]);
            }
            return edited;
          });
    }

    @ParameterizedTest
    @CsvSource({
      "IPV-008, run_estimation, 1, PASS",
      "IPV-008, run_estimation, 0, WARN",
      "IPV-008, est_cpulist, '', WARN",
      "IPV-008, est_cpulist, 0-3, PASS",
      "IPV-010, drop_entry, 0, PASS",
      "IPV-010, drop_entry, 1, PASS",
      "IPV-010, drop_packet, 2, WARN",
      "IPV-010, secure_tcp, 3, WARN",
      "IPV-014, ignore_tunneled, 0, PASS",
      "IPV-017, debug_level, 0, PASS",
      "IPV-015, expire_quiescent_template, 0, SKIP",
      "IPV-016, sloppy_tcp, 0, SKIP",
      "IPV-013, backup_only, 0, SKIP",
    })
    void areJudged(String code, String name, String value, Status expected) {
      assertThat(with(code, name, value).status()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"IPV-014, ignore_tunneled", "IPV-017, debug_level"})
    void someAreOnlyNoted(String code, String name) {
      Finding finding = with(code, name, "1");
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "IPV-005", "IPV-008", "IPV-009", "IPV-010", "IPV-011", "IPV-013", "IPV-014", "IPV-015",
          "IPV-016", "IPV-017", "IPV-018"
        })
    void areSkippedWhereTheKernelHasNone(String code) {
      Finding finding =
          onDirector(
              code, facts -> facts.without("files", "/ipv4/vs/").without("files", "conn_tab_bits"));
      assertThat(finding.status()).isEqualTo(Status.SKIP);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "IPV-008", "IPV-009", "IPV-010", "IPV-011", "IPV-013", "IPV-014", "IPV-015", "IPV-016",
          "IPV-017", "IPV-018"
        })
    void areAnErrorWhereTheyCannotBeRead(String code) {
      Finding finding = onDirector(code, facts -> facts.unreadable("files", "denied"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("denied");
    }

    @Test
    void reuseOfPortsHurtsOldKernelsOnly() {
      assertThat(with("IPV-009", "conntrack", "1").status()).isEqualTo(Status.PASS);
      Finding old =
          onDirector(
              "IPV-009",
              facts ->
                  setting(facts, "conntrack", "1").replace("identity", "6.1.0-56", "4.19.0-6"));
      assertThat(old.status()).isEqualTo(Status.WARN);
      assertThat(commands(old)).containsExactly("sysctl -w net.ipv4.vs.conntrack=0");
    }

    @Test
    void manyConnectionsNeedMoreBuckets() {
      UnaryOperator<Recorded> many =
          facts ->
              facts.text("ipvs-connections", "90000 TCP C0A801C8 0050 C0A80165 0050 ESTABLISHED\n");
      Finding finding = onDirector("IPV-011", many);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.remedy().orElseThrow().persistent().get(0).line())
          .isEqualTo("options ip_vs conn_tab_bits=17");
      assertThat(onDirector("IPV-011", facts -> facts).status()).isEqualTo(Status.PASS);
      assertThat(
              onDirector("IPV-011", facts -> setting(many.apply(facts), "conn_lfactor", "-4"))
                  .status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void directorsThatServeOneAnotherNeedBackupOnly() {
      Topology topology =
          Topology.builder()
              .director("director", Host.netns("director"))
              .director("director2", Host.netns("director2"))
              .build();
      // The second director is the address that the first one's table has as real server.
      HostFacts first = edited("json-director", Directors::web);
      HostFacts second =
          edited(
              "json-director",
              facts -> Directors.web(facts).replace("address", "192.168.1.100", "192.168.1.101"));
      Finding finding = finding(Clusters.of(topology, first, second), "IPV-013", "director2");
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(
              finding(
                      Clusters.of(
                          topology,
                          first,
                          edited(
                              "json-director",
                              facts ->
                                  setting(
                                      facts.replace("address", "192.168.1.100", "192.168.1.101"),
                                      "backup_only",
                                      "1"))),
                      "IPV-013",
                      "director2")
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void persistentServicesNeedTemplatesThatExpire() {
      Finding finding = onDirector("IPV-015", facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("192.168.1.200:53");
      assertThat(
              onDirector("IPV-015", facts -> setting(facts, "expire_quiescent_template", "1"))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void equalCostPathsNeedSloppyTcpOrState() {
      Topology.Builder ecmp = Topology.builder().highAvailability(HighAvailability.ECMP);
      Finding finding =
          finding(
              pair(ecmp, facts -> facts.text("ipvs-daemons", ""), facts -> facts),
              "IPV-016",
              "director");
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.remedy().orElseThrow().text()).contains("use mh");
      assertThat(
              finding(
                      pair(
                          Topology.builder().highAvailability(HighAvailability.ECMP),
                          facts -> setting(facts, "sloppy_tcp", "1"),
                          facts -> facts),
                      "IPV-016",
                      "director")
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void unknownSettingsAreShown() {
      Finding finding = with("IPV-018", "new_thing", "42", "amemthresh", "2048");
      assertThat(finding.notable()).isTrue();
      assertThat(finding.observed()).contains("new_thing = 42");
      assertThat(finding.evidence().get(0).excerpt()).contains("amemthresh = 2048 (default 1024)");
      assertThat(with("IPV-018").notable()).isFalse();
      assertThat(with("IPV-018").evidence()).isEmpty();
    }
  }
}
