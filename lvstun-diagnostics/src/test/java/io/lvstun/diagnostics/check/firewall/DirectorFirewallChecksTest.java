// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.firewall;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onDirector;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The director's own packet filter. */
class DirectorFirewallChecksTest {

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
  class Output {

    @Test
    void passesWithoutFilterAndWithARuleThatAccepts() {
      assertThat(onDirector("FW-003", facts -> facts).status()).isEqualTo(Status.PASS);
      assertThat(
              onDirector(
                      "FW-003",
                      facts -> filter(facts, "-A OUTPUT -p 4 -j ACCEPT", "-A OUTPUT -p 4 -j DROP"))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereProtocolFourIsDropped() {
      Finding finding =
          onDirector("FW-003", facts -> filter(facts, "-A OUTPUT -p ipencap -j DROP"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).startsWith("protocol 4 to 192.168.1.10");
      assertThat(commands(finding))
          .containsExactly("iptables-nft -t filter -I OUTPUT 1 -p 4 -j ACCEPT");
    }

    @Test
    void warnsWhereARuleCannotBeJudged() {
      assertThat(
              onDirector(
                      "FW-003", facts -> filter(facts, "-A OUTPUT -m owner --uid-owner 0 -j DROP"))
                  .status())
          .isEqualTo(Status.WARN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FW-003", "FW-004", "FW-005"})
    void isSkippedWithoutTunnelsAndAnErrorWithoutRules(String code) {
      assertThat(
              finding(Clusters.of(ROUTED, Recorded.facts("json-rs1")), code, "director").status())
          .isEqualTo(Status.SKIP);
      assertThat(onDirector(code, facts -> facts.unreadable("nft.json", "no nft")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Stateful {

    private static final String ESTABLISHED =
        "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";
    private static final String NEW =
        "-A INPUT -p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT";
    private static final String INVALID = "-A INPUT -m conntrack --ctstate INVALID -j DROP";
    private static final String PLAIN = "-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT";
    private static final String REST = "-A INPUT -j DROP";

    @Test
    void failsWhereOnlyTheFirstPacketPasses() {
      for (String[] rules :
          new String[][] {{ESTABLISHED, NEW, REST}, {ESTABLISHED, INVALID, PLAIN, REST}}) {
        Finding finding =
            onDirector(
                "FW-004",
                facts -> filter(facts, rules).sysctl("net/netfilter/nf_conntrack_tcp_loose", "0"));
        assertThat(finding.status()).isEqualTo(Status.FAIL);
        assertThat(finding.observed()).contains("all but the first packet");
        assertThat(commands(finding))
            .containsExactly(
                "iptables-nft -t filter -I INPUT 1 -p 6 -d 192.168.1.200 --dport 80 -j ACCEPT");
      }
    }

    @Test
    void passesWhereConnectionsArePickedUpInTheMiddle() {
      Finding finding = onDirector("FW-004", facts -> filter(facts, ESTABLISHED, NEW, REST));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
      assertThat(finding.observed()).contains("nf_conntrack_tcp_loose is 1");
    }

    @Test
    void failsWhereTheFirstPacketAloneIsAskedFor() {
      Finding finding =
          onDirector(
              "FW-004",
              facts ->
                  filter(
                      facts,
                      "-A INPUT -p tcp -m tcp --dport 80 --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT",
                      REST));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("all but the first packet");
    }

    @Test
    void certainDropCountsMoreThanADoubt() {
      Finding finding =
          onDirector(
              "FW-004",
              facts ->
                  filter(
                      facts,
                      INVALID,
                      "-A INPUT -p tcp -m tcp --dport 80 --tcp-flags SYN,ACK SYN -j ACCEPT",
                      REST));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
    }

    @Test
    void failsWhereNothingPasses() {
      Finding finding = onDirector("FW-004", facts -> filter(facts, ESTABLISHED, REST));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("new, is dropped");
    }

    @Test
    void passesWhereARuleWithoutStateComesFirst() {
      assertThat(
              onDirector("FW-004", facts -> filter(facts, PLAIN, ESTABLISHED, INVALID, REST))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void passesWhereTheServiceIsNotTracked() {
      Finding finding =
          onDirector(
              "FW-004",
              facts ->
                  filter(
                      facts,
                      ESTABLISHED,
                      INVALID,
                      "-A INPUT -m conntrack --ctstate UNTRACKED -j ACCEPT",
                      REST,
                      "COMMIT\n*raw\n:PREROUTING ACCEPT [0:0]",
                      "-A PREROUTING -d 192.168.1.200/32 -j CT --notrack"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void warnsWhereARuleCannotBeJudged() {
      assertThat(
              onDirector(
                      "FW-004",
                      facts -> filter(facts, "-A INPUT -m set --match-set bad src -j DROP"))
                  .status())
          .isEqualTo(Status.WARN);
    }
  }

  @Nested
  class IcmpUnreachable {

    @ParameterizedTest
    @CsvSource({"OUTPUT", "INPUT"})
    void failsWhereItIsDroppedAndNeeded(String chain) {
      Finding finding =
          onDirector(
              "FW-005", facts -> filter(facts, "-A " + chain + " -p icmp --icmp-type 3 -j DROP"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding))
          .containsExactly(
              "iptables-nft -t filter -I " + chain + " 1 -p 1 --icmp-type 3 -j ACCEPT");
    }

    @Test
    void onlyWarnsWherePacketsFit() {
      Finding finding =
          onDirector(
              "FW-005",
              facts ->
                  filter(facts, "-A OUTPUT -p icmp -j DROP")
                      .replace("link", "\"mtu\":1500", "\"mtu\":1520"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
    }

    @Test
    void passesWhereItIsAccepted() {
      assertThat(
              onDirector(
                      "FW-005", facts -> filter(facts, "-A OUTPUT -p icmp --icmp-type 8 -j DROP"))
                  .status())
          .isEqualTo(Status.PASS);
    }
  }

  @Nested
  class Peers {

    @Test
    void passesWhereTheSyncDaemonIsLetOut() {
      assertThat(onDirector("FW-007", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereTheBackupDoesNotHear() {
      Finding finding =
          onDirector(
              "FW-007",
              facts ->
                  filter(facts, "-A INPUT -p tcp -j ACCEPT", "-A INPUT -j DROP")
                      .replace("ipvs-daemons", "master sync", "backup sync"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding))
          .containsExactly(
              "iptables-nft -t filter -I INPUT 1 -p 17 -d 224.0.0.81 --dport 8848 -i eth0 -j"
                  + " ACCEPT");
    }

    @Test
    void failsWhereVrrpIsDropped() {
      Finding finding =
          onDirector(
              "FW-007",
              facts ->
                  filter(facts, "-A INPUT -p vrrp -j DROP")
                      .text("process", "/proc/9/comm:keepalived\n")
                      .line("configuration", "/etc/keepalived/keepalived.conf:vrrp_instance a {"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).isEqualTo("VRRP is dropped in INPUT");
    }

    @Test
    void isSkippedWithoutEither() {
      assertThat(onDirector("FW-007", facts -> facts.text("ipvs-daemons", "")).status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheFilterCannotBeRead() {
      assertThat(onDirector("FW-007", facts -> facts.unreadable("nft.json", "no")).status())
          .isEqualTo(Status.ERROR);
    }
  }
}
