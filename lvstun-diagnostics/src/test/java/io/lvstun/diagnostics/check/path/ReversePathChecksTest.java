// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Risk;
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
