// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.firewall;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onDirector;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static io.lvstun.diagnostics.model.Clusters.withServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.HostChange;
import io.lvstun.host.InsertFirewallRule;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packet filters: the inner packet, two backends, and the director's own filter. */
class FirewallChecksTest {

  private static final HostFacts ROUTED =
      plainDirector(
          facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));

  private static Recorded filter(Recorded facts, String... rules) {
    return facts
        .absent("nft.json")
        .absent("nft.text")
        .absent("iptables-legacy.4")
        .text(
            "iptables-nft.4",
            "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                + String.join("\n", rules)
                + "\nCOMMIT\n");
  }

  @Nested
  class Inner {

    private static final String OUTER = "-A INPUT -p 4 -j ACCEPT";

    @Test
    void failsWhereOnlyTheOuterPacketIsAccepted() {
      Finding finding = onServer("FW-002", facts -> filter(facts, OUTER, "-A INPUT -j DROP"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).isEqualTo("TCP 192.168.1.200:80 out of tunl0 is dropped");
      assertThat(commands(finding))
          .containsExactly(
              "iptables-nft -t filter -I INPUT 1 -p 6 -d 192.168.1.200 --dport 80 -i tunl0 -j"
                  + " ACCEPT");
      RunCommand run = (RunCommand) finding.remedy().orElseThrow().actions().get(0);
      assertThat(run.risk()).isEqualTo(Risk.FIREWALL);
      assertThat(run.undo()).containsSequence("-D", "INPUT").doesNotContain("1");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "-A INPUT -i tunl0 -j ACCEPT",
          "-A INPUT -d 192.168.1.200/32 -p tcp -m tcp --dport 80 -j ACCEPT"
        })
    void passesWhereTheInnerIsAcceptedToo(String rule) {
      assertThat(
              onServer("FW-002", facts -> filter(facts, OUTER, rule, "-A INPUT -j DROP")).status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void ruleForTheCardAloneDoesNotHelp() {
      Finding finding =
          onServer(
              "FW-002",
              facts ->
                  filter(
                      facts,
                      OUTER,
                      "-A INPUT -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT",
                      "-A INPUT -j DROP"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
    }

    @Test
    void warnsWhereARuleCannotBeJudged() {
      Finding finding =
          onServer(
              "FW-002",
              facts -> filter(facts, OUTER, "-A INPUT -m set --match-set bad src -j DROP"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
    }

    @Test
    void isBlockedSkippedOrAnError() {
      assertThat(onServer("FW-002", facts -> filter(facts, "-A INPUT -j DROP")).blockedBy())
          .containsExactly("FW-001");
      assertThat(finding(Clusters.of(ROUTED, Recorded.facts("json-rs1")), "FW-002", "rs").status())
          .isEqualTo(Status.SKIP);
      assertThat(onServer("FW-002", facts -> facts.unreadable("iptables-nft.4", "denied")).status())
          .isEqualTo(Status.ERROR);
    }

    @Test
    void ruleOfNftablesIsMarkedSoThatItCanBeTakenBack() {
      Finding finding =
          onServer(
              "FW-002",
              facts ->
                  facts
                      .absent("iptables-nft.4")
                      .text("nft.text", "")
                      .text(
                          "nft.json",
                          """
                          {"nftables":[
                          {"chain":{"family":"inet","table":"f","name":"in","handle":1,
                           "type":"filter","hook":"input","prio":0,"policy":"drop"}},
                          {"rule":{"family":"inet","table":"f","chain":"in","handle":2,"expr":[
                           {"match":{"op":"==","left":{"meta":{"key":"l4proto"}},"right":4}},
                           {"accept":null}]}}]}
                          """));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      InsertFirewallRule run = (InsertFirewallRule) finding.remedy().orElseThrow().actions().get(0);
      assertThat(run.command())
          .containsExactly(
              "nft",
              "insert",
              "rule",
              "inet",
              "f",
              "in",
              "ip",
              "daddr",
              "192.168.1.200",
              "iifname",
              "\"tunl0\"",
              "tcp",
              "dport",
              "80",
              "counter",
              "accept",
              "comment",
              "\"" + run.comment() + "\"");
      assertThat(run.comment()).matches("lvstun-FW-002-[0-9a-f]{12}");
      assertThat(run.undo()).endsWith("inet", "f", "in", run.comment());
    }
  }

  @Nested
  class Backends {

    private static final String LEGACY = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\n";

    @Test
    void oneIsFineTwoAreAWarning() {
      assertThat(onServer("FW-006", facts -> facts).status()).isEqualTo(Status.PASS);
      Finding finding = onServer("FW-006", facts -> facts.text("iptables-legacy.4", LEGACY));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.evidence()).hasSize(2);
    }

    @Test
    void emptyTablesDoNotCount() {
      assertThat(
              onServer(
                      "FW-006",
                      facts ->
                          facts.text("iptables-legacy.4", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isAnErrorWhereOneCannotBeRead() {
      assertThat(onDirector("FW-006", facts -> facts.unreadable("nft.json", "no nft")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class ProtocolFour {

    private static final HostFacts HEALTHY = Recorded.facts("json-rs1");

    private static Finding onServer(String code, UnaryOperator<Recorded> edit) {
      return finding(withServer(edited("json-rs1", edit)), code, "rs");
    }

    private static Finding onServer(String code, HostFacts facts) {
      return finding(withServer(facts), code, "rs");
    }

    private static List<String> commands(Finding finding) {
      return finding.remedy().map(Remedy::actions).orElse(List.of()).stream()
          .map(HostChange::text)
          .toList();
    }

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

    /** Tunnels without UDP. */
    private Finding bare(HostFacts server) {
      HostFacts director = edited("json-director", facts -> facts.without("ipvs", ":0035"));
      return finding(Clusters.of(director, server), "FW-001", "rs");
    }

    @Test
    void passesWhereARuleLetsTheDirectorIn() {
      Finding finding = bare(HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.evidence().get(0).excerpt()).contains("iptables-nft");
    }

    @Test
    void passesWithoutFilter() {
      Finding finding =
          onServer(
              "FW-001",
              facts ->
                  facts.absent("iptables-nft.4").absent("iptables-legacy.4").absent("nft.json"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).isEqualTo("no packet filter");
    }

    @Test
    void failsWhereIptablesLegacyDropsAndInsertsARuleThere() {
      Finding finding = onServer("FW-001", Recorded.facts("json-rs2"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.evidence().get(0).excerpt()).contains("iptables-legacy ip filter own");
      assertThat(commands(finding))
          .containsExactly("iptables-legacy -t filter -I INPUT 1 -p 4 -s 192.168.1.100 -j ACCEPT");
      assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.FIREWALL);
    }

    @Test
    void failsWhereIptablesNftLetsOnlyIpipInWhichIsNumber94() {
      Finding finding =
          bare(edited("json-rs1", facts -> facts.without("iptables-nft.4", "192.168.1.100")));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding).get(0)).startsWith("iptables-nft -t filter -I INPUT 1 -p 4");
    }

    @Test
    void failsWhereTheTunnelInUdpIsDropped() {
      Finding finding = onServer("FW-001", HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("UDP port 6080 from 192.168.1.100");
      assertThat(commands(finding))
          .containsExactly(
              "iptables-nft -t filter -I INPUT 1 -p 17 -s 192.168.1.100 --dport 6080 -j ACCEPT");
    }

    @Test
    void failsWhereNftablesDrops() {
      HostFacts director =
          edited(
              "json-director",
              facts ->
                  facts.line(
                      "route-to", "## 192.168.1.103\n192.168.1.103 dev eth0 src 192.168.1.100"));
      HostFacts server =
          edited("json-rs3", facts -> facts.replace("nft.json", "\"@allowed\"", "\"192.0.2.1\""));
      Finding finding = finding(Clusters.of(director, server), "FW-001", "rs");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding).get(0)).startsWith("nft insert rule inet filter input");
    }

    @Test
    void warnsWhereARuleCannotBeJudged() {
      Finding finding = onServer("FW-001", Recorded.facts("json-rs3"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.evidence().get(0).excerpt()).contains("@allowed");
    }

    @Test
    void isSkippedWhereNoTunnelLeads() {
      assertThat(finding(routed(), "FW-001", "rs").status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheFilterCannotBeRead() {
      Finding finding = onServer("FW-001", Recorded.facts("busybox-rs1"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("nft is not installed");
    }
  }
}
