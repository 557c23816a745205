// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onDirector;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from tunnels that are too narrow for clients' packets. */
class MtuChecksTest {

  private static final HostFacts SERVER = Recorded.facts("json-rs1");
  private static final HostFacts ROUTED =
      plainDirector(
          facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));

  private static Recorded wide(Recorded facts) {
    return facts.replace("link", "\"mtu\":1500", "\"mtu\":1520");
  }

  @Nested
  class Mss {

    @Test
    void warnsAndSetsItInATableOfItsOwn() {
      Finding finding = onServer("MTU-002", facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("1440");
      assertThat(commands(finding)).hasSize(1);
      assertThat(commands(finding).get(0))
          .contains("add table inet lvstun_mss")
          .contains(
              "ip saddr 192.168.1.200 tcp flags syn tcp option maxseg size > 1440"
                  + " tcp option maxseg size set 1440");
    }

    @Test
    void isTheCauseBehindTheNarrowPath() {
      assertThat(
              Doctor.analyse(Clusters.of(plainDirector(), SERVER)).findings().stream()
                  .filter(finding -> finding.code().equals("MTU-001"))
                  .findFirst()
                  .orElseThrow()
                  .causedBy())
          .containsExactly("MTU-002");
    }

    @Test
    void withoutNftPeopleMustDoIt() {
      Finding finding = onServer("MTU-002", facts -> facts.without("identity", "tool.nft"));
      assertThat(commands(finding)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "default via 192.168.1.1 dev eth0 advmss 1440",
          "default via 192.168.1.1 dev eth0 advmss lock 1400"
        })
    void passesWithAdvertisedMss(String route) {
      assertThat(onServer("MTU-002", facts -> facts.text("route", route + "\n")).status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void advertisedMssThatIsStillTooLargeDoesNotHelp() {
      assertThat(
              onServer(
                      "MTU-002",
                      facts ->
                          facts.text("route", "default via 192.168.1.1 dev eth0 advmss 1460\n"))
                  .status())
          .isEqualTo(Status.WARN);
    }

    @Test
    void passesWithARuleThatSetsIt() {
      Finding finding =
          onServer(
              "MTU-002",
              facts ->
                  facts.text(
                      "iptables-nft.4",
                      "*mangle\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -s 192.168.1.200/32 -p tcp -m tcp"
                          + " --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1440\nCOMMIT\n"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void passesOverAWidePath() {
      HostFacts director = plainDirector(MtuChecksTest::wide);
      assertThat(finding(Clusters.of(director, SERVER), "MTU-002", "rs").status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedOrAnError() {
      assertThat(finding(Clusters.of(ROUTED, SERVER), "MTU-002", "rs").status())
          .isEqualTo(Status.SKIP);
      HostFacts unknown = plainDirector(facts -> facts.text("route-to", ""));
      assertThat(finding(Clusters.of(unknown, SERVER), "MTU-002", "rs").status())
          .isEqualTo(Status.ERROR);
      assertThat(onServer("MTU-002", facts -> facts.unreadable("nft.json", "no nft")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Fragments {

    @Test
    void passesWithDiscovery() {
      assertThat(onDirector("MTU-003", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void warnsWithoutIt() {
      Finding finding = onDirector("MTU-003", facts -> facts.sysctl("net/ipv4/vs/pmtu_disc", "0"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.vs.pmtu_disc=1");
      assertThat(finding.evidence())
          .anyMatch(evidence -> evidence.excerpt().contains("FragCreates"));
    }

    @Test
    void isOnlyANoteWhereNothingNeedsFragments() {
      Finding finding =
          onDirector("MTU-003", facts -> wide(facts).sysctl("net/ipv4/vs/pmtu_disc", "0"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }

    @Test
    void isSkippedOrAnError() {
      assertThat(onDirector("MTU-003", facts -> facts.without("files", "pmtu_disc")).status())
          .isEqualTo(Status.SKIP);
      assertThat(finding(Clusters.of(ROUTED, SERVER), "MTU-003", "director").status())
          .isEqualTo(Status.SKIP);
      assertThat(onDirector("MTU-003", facts -> facts.unreadable("files", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Storm {

    private Recorded growing(Recorded facts) {
      String names = "/proc/net/snmp:IcmpMsg: OutType3\n/proc/net/snmp:IcmpMsg: ";
      return facts
          .text("counters.1", "/proc/uptime:10.00 1.0\n" + names + "3\n")
          .text("counters.2", "/proc/uptime:12.00 1.0\n" + names + "40\n");
    }

    @Test
    void warnsWhileMessagesGrow() {
      Finding finding = onDirector("MTU-004", this::growing);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.evidence().get(0).excerpt()).contains("OutType3 +37 in 2000 ms");
    }

    @Test
    void passesWhileTheyDoNot() {
      assertThat(onDirector("MTU-004", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWhereNothingIsTooLarge() {
      assertThat(onDirector("MTU-004", facts -> wide(growing(facts))).status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWithoutCounters() {
      assertThat(onDirector("MTU-004", facts -> facts.unreadable("counters.1", "no")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class ReceiveOffload {

    private Recorded on(Recorded facts) {
      return facts.text("ethtool", "## features eth0\ngeneric-receive-offload: on\n");
    }

    @Test
    void warnsWhereItIsOnAndPathsAreNarrow() {
      assertThat(onDirector("MTU-005", this::on).status()).isEqualTo(Status.WARN);
      assertThat(onDirector("MTU-005", facts -> wide(on(facts))).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void passesWhereItIsOff() {
      assertThat(onDirector("MTU-005", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void isAnErrorWithoutTheTool() {
      assertThat(
              onDirector("MTU-005", facts -> facts.unreadable("ethtool", "not installed")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Datagrams {

    private Finding udp(HostFacts director) {
      return finding(Clusters.of(director, SERVER), "MTU-006", "cluster");
    }

    @Test
    void warnsAndNamesTheLimit() {
      Finding finding = udp(Recorded.facts("json-director"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("more than 1440 bytes");
      assertThat(finding.evidence().get(0).excerpt()).contains("192.168.1.101: 1468");
    }

    @Test
    void passesWithRoomForTheHeader() {
      assertThat(
              udp(edited(
                      "json-director",
                      facts -> facts.replace("link", "\"mtu\":1500", "\"mtu\":1532")))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWithoutUdp() {
      assertThat(udp(plainDirector()).status()).isEqualTo(Status.SKIP);
    }
  }

  @Nested
  class Alike {

    @Test
    void passesWithTheSameAndNotesAnother() {
      assertThat(onServer("MTU-007", facts -> facts).notable()).isFalse();
      Finding finding =
          onServer("MTU-007", facts -> facts.replace("link", "\"mtu\":1500", "\"mtu\":9000"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
      assertThat(finding.evidence().get(0).excerpt()).contains("eth0 9000, director's eth0 1500");
    }

    @Test
    void isSkippedOrAnError() {
      assertThat(finding(Clusters.of(ROUTED, SERVER), "MTU-007", "rs").status())
          .isEqualTo(Status.SKIP);
      assertThat(onServer("MTU-007", facts -> facts.unreadable("link", "no ip")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class PathMtu {

    private static final HostFacts HEALTHY = Recorded.facts("json-rs1");

    /** The director reaches the server by direct routing. */
    private static Cluster routed() {
      HostFacts director =
          edited(
              "json-director",
              facts ->
                  facts
                      .replace("ipvs-save", "-i", "-g")
                      .replace("ipvs", "Tunnel", "Route ")
                      .without("ipvs-save", "gue"));
      return Clusters.of(director, HEALTHY);
    }

    private Finding onDirector(UnaryOperator<Recorded> director, HostFacts server) {
      return finding(Clusters.of(edited("json-director", director), server), "MTU-001", "director");
    }

    @Test
    void warnsOverEthernet() {
      Finding finding = onDirector(facts -> facts, HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.evidence().get(0).excerpt())
          .contains("192.168.1.102 path 1500, for clients 1480")
          .contains("192.168.1.101 path 1500, for clients 1468");
    }

    @Test
    void passesWithRoomForTheHeader() {
      Finding finding =
          onDirector(facts -> facts.replace("link", "\"mtu\":1500", "\"mtu\":1532"), HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void smallerMtuOfTheRouteCounts() {
      Finding finding =
          onDirector(
              facts ->
                  facts
                      .replace("link", "\"mtu\":1500", "\"mtu\":9000")
                      .text(
                          "route-to",
                          """
                          ## 192.168.1.101
                          192.168.1.101 dev eth0 src 192.168.1.100
                              cache expires 590sec mtu 1400
                          ## 192.168.1.102
                          192.168.1.102 dev eth0 src 192.168.1.100
                          """),
              HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("192.168.1.101").doesNotContain("192.168.1.102");
    }

    @Test
    void passesWhereTheServerAnnouncesASmallerMss() {
      HostFacts server =
          edited(
              "json-rs1",
              facts ->
                  facts.text(
                      "route",
                      "default via 192.168.1.1 dev eth0 advmss 1428\n192.168.1.0/24 dev eth0\n"));
      // Only the server that clamps is in the table.
      Finding finding =
          onDirector(facts -> facts.without("ipvs", "C0A80166").without("ipvs", "fd00"), server);
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).contains("smaller MSS");
    }

    @Test
    void isSkippedWithoutTunnels() {
      assertThat(finding(routed(), "MTU-001", "director").status()).isEqualTo(Status.SKIP);
      assertThat(onDirector(facts -> facts.absent("ipvs"), HEALTHY).status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheRoutesAreNotKnown() {
      Finding finding = onDirector(facts -> facts.text("route-to", ""), HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(onDirector(facts -> facts.unreadable("ipvs", "denied"), HEALTHY).status())
          .isEqualTo(Status.ERROR);
    }
  }
}
