// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.steering;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.firewall.FirewallRule;
import io.lvstun.diagnostics.model.Clusters;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkRulesTest {

  private static List<MarkRules.MarkRule> rules(String... rules) {
    HostFacts facts =
        Clusters.edited(
            "json-director",
            recorded ->
                recorded
                    .absent("nft.json")
                    .absent("iptables-nft.4")
                    .text(
                        "iptables-legacy.4",
                        "*mangle\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:GEO - [0:0]\n"
                            + String.join("\n", rules)
                            + "\nCOMMIT\n"));
    return MarkRules.of(facts.firewall().get());
  }

  @ParameterizedTest
  @CsvSource({
    "--set-xmark 0x7/0xffffffff,7,true", "--set-xmark 0x7/0xffffffff,8,false",
    "--set-mark 7,7,true", "--set-xmark 0x4000/0x4000,0x4007,true",
    "--set-xmark 0x4000/0x4000,7,false", "--set-xmark 0x0/0xffff,0x10000,false",
    "--or-mark 0x4000,0x4007,true"
  })
  void markIsSetWhereItsBitsFit(String target, String mark, boolean expected) {
    List<MarkRules.MarkRule> found = rules("-A PREROUTING -p tcp -j MARK " + target);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).sets(Long.decode(mark))).isEqualTo(expected);
  }

  @Test
  void ruleOfAChainIsWhereThatIsCalledFrom() {
    List<MarkRules.MarkRule> found =
        rules(
            "-A PREROUTING -j GEO",
            "-A GEO -j MARK --set-mark 7",
            "-A GEO -g GEO",
            "-A OUTPUT -j MARK --set-mark 8");
    assertThat(found).hasSize(2);
    assertThat(found).filteredOn(rule -> rule.sets(7)).allMatch(MarkRules.MarkRule::beforeIpvs);
    assertThat(found).filteredOn(rule -> rule.sets(8)).noneMatch(MarkRules.MarkRule::beforeIpvs);
  }

  @Test
  void markThatIsLookedUpIsNotKnown() {
    List<MarkRules.MarkRule> found =
        rules("-A PREROUTING -m set --match-set geo src -j SET --map-set geo src --map-mark");
    assertThat(found).singleElement().matches(MarkRules.MarkRule::looksUp);
    assertThat(found.get(0).sets(7)).isFalse();
    assertThat(rules("-A PREROUTING -m mark --mark 0x7 -j ACCEPT")).isEmpty();
  }

  private static FirewallRule rule(String text) {
    return new FirewallRule(
        text, List.of(), FirewallRule.Action.of(FirewallRule.Kind.CONTINUE), OptionalLong.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "-m string --string GET,true",
    "'@th,160,8 0x1',true",
    "'@th,152,8 0x1',false",
    "'@ih,0,8 0x1',true",
    "-p tcp --dport 80,false"
  })
  void payloadIsWhatASynDoesNotHave(String text, boolean expected) {
    assertThat(MarkRules.readsPayload(rule(text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "tcp,false,true",
    "6,false,true",
    "udp,false,false",
    "udp,true,true",
    "tcp,true,false"
  })
  void tcpMatchesUnlessAnotherProtocolIsAskedFor(
      String protocol, boolean negated, boolean expected) {
    FirewallRule rule =
        new FirewallRule(
            "x",
            List.of(new FirewallRule.Condition("protocol", List.of(protocol), negated)),
            FirewallRule.Action.of(FirewallRule.Kind.CONTINUE),
            OptionalLong.empty());
    assertThat(MarkRules.takesTcp(rule)).isEqualTo(expected);
    assertThat(MarkRules.takesTcp(rule("x"))).isTrue();
  }
}
