// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.firewall.Firewall.Backend;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Outcome;
import io.lvstun.diagnostics.facts.firewall.Firewall.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirewallTest {

  private static final Packet TUNNEL =
      Packet.ipv4(4).from(IpAddress.parse("192.168.1.100")).arrivingOn("eth0").inState("new");
  private static final Packet WEB =
      Packet.ipv4(6).from(IpAddress.parse("198.51.100.7")).arrivingOn("eth0").inState("new");

  @Test
  void ruleOfIptablesNftForTheDirectorDecidesBeforeThePolicy() {
    Firewall firewall = Recorded.facts("json-rs1").firewall().get();
    Verdict verdict = firewall.walk(Hook.INPUT, TUNNEL);
    assertThat(verdict.outcome()).isEqualTo(Outcome.ACCEPT);
    assertThat(verdict.reason()).contains("iptables-nft").contains("192.168.1.100");
    // "ipip" is protocol 94: that rule lets no tunnel of anybody else in.
    Verdict other = firewall.walk(Hook.INPUT, TUNNEL.from(IpAddress.parse("192.168.1.99")));
    assertThat(other.outcome()).isEqualTo(Outcome.DROP);
    assertThat(other.reason()).contains("policy drop");
    assertThat(firewall.chains())
        .as("what iptables has written is not read a second time from nft")
        .noneMatch(chain -> chain.backend() == Backend.NFT);
  }

  @Test
  void chainOfIptablesLegacyIsFollowed() {
    Firewall firewall = Recorded.facts("json-rs2").firewall().get();
    Verdict verdict = firewall.walk(Hook.INPUT, TUNNEL);
    assertThat(verdict.outcome()).isEqualTo(Outcome.DROP);
    assertThat(verdict.reason()).contains("iptables-legacy ip filter own").contains("-j DROP");
    assertThat(verdict.ruling())
        .hasValueSatisfying(
            ruling -> {
              assertThat(ruling.chain().table()).isEqualTo("filter");
              assertThat(ruling.chain().name()).isEqualTo("own");
              assertThat(ruling.rule())
                  .hasValueSatisfying(rule -> assertThat(rule.text()).contains("-j DROP"));
            });
    assertThat(firewall.walk(Hook.INPUT, WEB.toPort(80)).outcome()).isEqualTo(Outcome.ACCEPT);
    assertThat(firewall.walk(Hook.OUTPUT, Packet.ipv4(4).leavingBy("eth0")).outcome())
        .isEqualTo(Outcome.ACCEPT);
  }

  @Test
  void nftablesWithVerdictMapAndPolicyIsFollowed() {
    Firewall firewall = Recorded.facts("json-rs3").firewall().get();
    assertThat(firewall.walk(Hook.INPUT, WEB.toPort(80)).outcome()).isEqualTo(Outcome.ACCEPT);
    assertThat(firewall.walk(Hook.INPUT, WEB.toPort(8050)).outcome()).isEqualTo(Outcome.ACCEPT);
    assertThat(firewall.walk(Hook.INPUT, WEB.toPort(80).inState("invalid")).outcome())
        .isEqualTo(Outcome.DROP);
    assertThat(firewall.walk(Hook.INPUT, WEB.arrivingOn("lo")).outcome()).isEqualTo(Outcome.ACCEPT);
  }

  @Test
  void namedSetIsNotGuessed() {
    Firewall firewall = Recorded.facts("json-rs3").firewall().get();
    Verdict verdict = firewall.walk(Hook.INPUT, TUNNEL);
    assertThat(verdict.outcome()).isEqualTo(Outcome.UNCERTAIN);
    assertThat(verdict.reason()).contains("@allowed");
  }

  @Test
  void withoutTheDoubtfulRuleTheOutcomeIsCertain() {
    HostFacts facts =
        Recorded.edit(Recorded.facts("json-rs3"))
            .replace("nft.json", "\"@allowed\"", "\"192.0.2.1\"")
            .facts();
    Verdict verdict = facts.firewall().get().walk(Hook.INPUT, TUNNEL);
    assertThat(verdict.outcome()).isEqualTo(Outcome.DROP);
    assertThat(verdict.reason()).contains("nft inet filter input policy drop");
  }

  @Test
  void hostWithoutFilterLetsEverythingPass() {
    Firewall firewall = Recorded.facts("json-client").firewall().get();
    assertThat(firewall.walk(Hook.INPUT, TUNNEL).outcome()).isEqualTo(Outcome.ACCEPT);
    assertThat(firewall.empty()).isTrue();
  }

  @Test
  void backendThatCannotBeReadMakesTheFilterUnknown() {
    assertThat(Recorded.facts("busybox-rs1").firewall().reason()).contains("nft is not installed");
  }

  @Test
  void negationsListsAndRangesAreUnderstood() {
    List<Firewall.Chain> chains =
        IptablesParser.parse(
            """
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD DROP [0:0]
            [3:180] -A INPUT ! -s 10.0.0.0/8 -i eth+ -p tcp -m multiport --dports 22,8000:8080 -j DROP
            [0:0] -A INPUT -p tcp -m tcp --dport 443 -m recent --name x --rcheck -j DROP
            COMMIT
            """,
            Backend.IPTABLES_LEGACY,
            "ip");
    Firewall firewall = Firewall.of(chains);
    assertThat(firewall.walk(Hook.INPUT, WEB.toPort(8001)).outcome()).isEqualTo(Outcome.DROP);
    assertThat(firewall.walk(Hook.INPUT, WEB.toPort(8081)).outcome()).isEqualTo(Outcome.ACCEPT);
    assertThat(
            firewall.walk(Hook.INPUT, WEB.toPort(22).from(IpAddress.parse("10.1.1.1"))).outcome())
        .isEqualTo(Outcome.ACCEPT);
    assertThat(firewall.walk(Hook.INPUT, WEB.toPort(443)).outcome())
        .as("a match that is not understood")
        .isEqualTo(Outcome.UNCERTAIN);
    assertThat(firewall.walk(Hook.INPUT, WEB).outcome())
        .as("a port that is not known")
        .isEqualTo(Outcome.UNCERTAIN);
    assertThat(chains.get(0).rules().get(0).packets()).hasValue(3);
  }

  @Test
  void chainsThatCallOneAnotherEndTheWalk() {
    Firewall firewall =
        Firewall.of(
            IptablesParser.parse(
                "*filter\n"
                    + ":INPUT ACCEPT [0:0]\n"
                    + ":a - [0:0]\n"
                    + "-A INPUT -j a\n"
                    + "-A a -j a\n"
                    + "-A a -j a\n"
                    + "COMMIT\n",
                Backend.IPTABLES_NFT,
                "ip"));
    assertThat(firewall.walk(Hook.INPUT, TUNNEL).outcome()).isEqualTo(Outcome.UNCERTAIN);
  }
}
