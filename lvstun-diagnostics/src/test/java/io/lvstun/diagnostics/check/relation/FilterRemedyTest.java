// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Backend;
import io.lvstun.diagnostics.facts.firewall.Firewall.Chain;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.FirewallRule;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Action;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Kind;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.host.InsertFirewallRule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FilterRemedyTest {

  private static final Packet TUNNEL = Packet.ipv4(4).arrivingOn("eth0");

  private static Chain chain(
      String table, String name, Optional<Hook> hook, boolean dropping, FirewallRule... rules) {
    return new Chain(Backend.NFT, "inet", table, name, hook, 0, dropping, List.of(rules));
  }

  private static FirewallRule rule(Kind kind, String target) {
    return new FirewallRule(
        kind + " " + target, List.of(), new Action(kind, target), OptionalLong.empty());
  }

  private static Remedy remedyFor(Firewall firewall) {
    return FilterRemedy.accept(
        "Accept it.",
        "FW-001",
        firewall,
        firewall.walk(Hook.INPUT, TUNNEL).ruling(),
        Hook.INPUT,
        TUNNEL);
  }

  @Test
  void ruleGoesInFrontOfTheChainThatDropsAlthoughAnotherNameBeginsTheSameWay() {
    Firewall firewall =
        Firewall.of(
            List.of(
                chain("filter", "input: x", Optional.of(Hook.FORWARD), false),
                chain("filter", "input", Optional.of(Hook.INPUT), false, rule(Kind.RETURN, "")),
                chain("guard", "input", Optional.of(Hook.INPUT), true)));
    assertThat(remedyFor(firewall).actions())
        .singleElement()
        .isInstanceOfSatisfying(
            InsertFirewallRule.class,
            insert -> {
              assertThat(insert.table()).isEqualTo("guard");
              assertThat(insert.chain()).isEqualTo("input");
              assertThat(insert.mark()).isEqualTo("lvstun-FW-001");
            });
  }

  @Test
  void ruleGoesToTheHooksChainOfTheTableIfAnInnerChainDrops() {
    Firewall firewall =
        Firewall.of(
            List.of(
                chain("other", "input", Optional.of(Hook.INPUT), false),
                chain(
                    "filter", "input", Optional.of(Hook.INPUT), false, rule(Kind.JUMP, "blocked")),
                chain("filter", "blocked", Optional.empty(), false, rule(Kind.DROP, ""))));
    assertThat(remedyFor(firewall).actions())
        .singleElement()
        .isInstanceOfSatisfying(
            InsertFirewallRule.class,
            insert -> {
              assertThat(insert.table()).isEqualTo("filter");
              assertThat(insert.chain()).isEqualTo("input");
            });
  }

  @Test
  void withoutAnyChainTheOperatorIsTold() {
    Remedy remedy =
        FilterRemedy.accept(
            "Accept it.", "FW-001", Firewall.of(List.of()), Optional.empty(), Hook.INPUT, TUNNEL);
    assertThat(remedy.actions()).isEmpty();
    assertThat(remedy.text()).isEqualTo("Accept it.");
  }
}
