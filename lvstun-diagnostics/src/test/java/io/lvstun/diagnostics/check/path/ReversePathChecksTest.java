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
import io.lvstun.host.Risk;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reverse path filter, rules that do the same, and packets that come from nowhere. */
class ReversePathChecksTest {

  private static final HostFacts ROUTED =
      plainDirector(
          facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));

  private static Recorded filter(Recorded facts, String all, String own) {
    return facts
        .sysctl("net/ipv4/conf/all/rp_filter", all)
        .sysctl("net/ipv4/conf/tunl0/rp_filter", own);
  }

  @Nested
  class Setting {

    @ParameterizedTest
    @CsvSource({
      "0,0,PASS,PASS",
      "0,2,PASS,PASS",
      "1,2,PASS,PASS",
      "2,0,PASS,PASS",
      "0,1,FAIL,PASS",
      "1,1,FAIL,PASS",
      "1,0,FAIL,FAIL"
    })
    void greaterOfAllAndTheDeviceCounts(String all, String own, Status strict, Status allWins) {
      Finding finding = onServer("RPF-001", facts -> filter(facts, all, own));
      assertThat(finding.status()).isEqualTo(strict);
      assertThat(onServer("RPF-002", facts -> filter(facts, all, own)).status()).isEqualTo(allWins);
      if (strict == Status.FAIL) {
        assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.conf.tunl0.rp_filter=2");
        assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.SAFE);
        assertThat(finding.evidence())
            .anyMatch(evidence -> evidence.excerpt().contains("IPReversePathFilter"));
      }
    }

    @Test
    void valueForAllDevicesIsTheCauseWhereTheDeviceSaysZero() {
      HostFacts server = edited("json-rs1", facts -> filter(facts, "1", "0"));
      Report report = Doctor.analyse(Clusters.of(plainDirector(), server));
      Finding strict = find(report, "RPF-001");
      assertThat(strict.causedBy()).containsExactly("RPF-002");
      assertThat(find(report, "RPF-002").rootCause()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RPF-001", "RPF-002", "RPF-003", "RPF-004"})
    void isSkippedWhereNoTunnelLeads(String code) {
      assertThat(finding(Clusters.of(ROUTED, Recorded.facts("json-rs1")), code, "rs").status())
          .isEqualTo(Status.SKIP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RPF-001", "RPF-002", "RPF-003"})
    void isAnErrorWhereItCannotBeRead(String code) {
      assertThat(onServer(code, facts -> facts.without("files", "rp_filter")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class AfterReboot {

    /** The machine itself, not a namespace of it. */
    private Recorded machine(Recorded facts) {
      return facts.replace("identity", "net:[4026532311]", "net:[4026531840]");
    }

    @Test
    void passesWhereNothingSetsIt() {
      assertThat(onServer("RPF-003", this::machine).status()).isEqualTo(Status.PASS);
    }

    @Test
    void warnsWhereAFileSetsItForDevicesToCome() {
      Finding finding =
          onServer(
              "RPF-003",
              facts ->
                  machine(facts)
                      .line(
                          "configuration",
                          "/etc/sysctl.d/50-hard.conf:net.ipv4.conf.default.rp_filter = 1"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("/etc/sysctl.d/50-hard.conf");
      assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.conf.tunl0.rp_filter=2");
      assertThat(finding.remedy().orElseThrow().persistent()).hasSize(1);
    }

    @Test
    void passesWhereTheDeviceIsPinned() {
      Finding finding =
          onServer(
              "RPF-003",
              facts ->
                  machine(facts)
                      .line(
                          "configuration",
                          "/etc/sysctl.d/50-hard.conf:net.ipv4.conf.default.rp_filter = 1")
                      .line(
                          "configuration",
                          "/etc/sysctl.d/90-lvs.conf:net.ipv4.conf.tunl0.rp_filter = 2"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void isOnlyANoteInANamespaceOfAnotherMachine() {
      Finding finding =
          onServer("RPF-003", facts -> facts.sysctl("net/ipv4/conf/default/rp_filter", "1"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }
  }

  @Nested
  class Rule {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "-A PREROUTING -m rpfilter --invert -j DROP",
          "-A PREROUTING -m rpfilter --validmark --invert -j DROP"
        })
    void failsWithStrictRuleOfIptables(String rule) {
      Finding finding =
          onServer(
              "RPF-004",
              facts ->
                  facts.text(
                      "iptables-nft.4", "*raw\n:PREROUTING ACCEPT [0:0]\n" + rule + "\nCOMMIT\n"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding).get(0))
          .startsWith("iptables-nft -t raw -I PREROUTING 1 -p 6 -d 192.168.1.200")
          .contains("-i tunl0");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "-A PREROUTING -m rpfilter --loose --invert -j DROP",
          "-A PREROUTING -i eth0 -m rpfilter --invert -j DROP",
          "-A PREROUTING -i tunl0 -j ACCEPT\n-A PREROUTING -m rpfilter --invert -j DROP"
        })
    void passesWhereItDoesNotConcernTheTunnel(String rules) {
      Finding finding =
          onServer(
              "RPF-004",
              facts ->
                  facts.text(
                      "iptables-nft.4", "*raw\n:PREROUTING ACCEPT [0:0]\n" + rules + "\nCOMMIT\n"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @ParameterizedTest
    @CsvSource({"ipv4,FAIL", "ipv6,PASS"})
    void looksAtNftablesForIpv4(String family, Status expected) {
      Finding finding =
          onServer(
              "RPF-004",
              facts ->
                  facts
                      .absent("iptables-nft.4")
                      .text("nft.text", "")
                      .text(
                          "nft.json",
                          """
                          {"nftables":[
                          {"chain":{"family":"inet","table":"firewalld","name":"pre","handle":1,
                           "type":"filter","hook":"prerouting","prio":-290,"policy":"accept"}},
                          {"rule":{"family":"inet","table":"firewalld","chain":"pre","handle":2,
                           "expr":[
                           {"match":{"op":"==","left":{"meta":{"key":"nfproto"}},"right":"%s"}},
                           {"match":{"op":"==","left":{"fib":{"result":"oif",
                            "flags":["saddr","iif"]}},"right":false}},
                           {"drop":null}]}}]}
                          """
                              .formatted(family)));
      assertThat(finding.status()).isEqualTo(expected);
      if (expected == Status.FAIL) {
        assertThat(commands(finding).get(0))
            .startsWith("nft insert rule inet firewalld pre ip daddr 192.168.1.200 iifname");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FW-001", "FW-002"})
    void leavesOtherChecksOfTheFilterInPeace(String code) {
      Finding finding =
          onServer(
              code,
              facts ->
                  facts
                      .absent("nft.json")
                      .text(
                          "iptables-nft.4",
                          "*raw\n:PREROUTING ACCEPT [0:0]\n"
                              + "-A PREROUTING -m rpfilter --invert -j DROP\nCOMMIT\n"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void isAnErrorWhereTheFilterCannotBeRead() {
      assertThat(
              onServer("RPF-004", facts -> facts.unreadable("iptables-nft.4", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

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
