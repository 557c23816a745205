// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Outcome;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class NftParserTest {

  private static final String HEAD =
      "{\"nftables\":[{\"metainfo\":{\"version\":\"1.0.6\",\"json_schema_version\":1}},"
          + "{\"table\":{\"family\":\"inet\",\"name\":\"filter\",\"handle\":1}},"
          + "{\"chain\":{\"family\":\"inet\",\"table\":\"filter\",\"name\":\"input\",\"handle\":1,"
          + "\"type\":\"filter\",\"hook\":\"input\",\"prio\":-5,\"policy\":\"drop\"}}";

  private static List<FirewallRule> rules(String expressions) {
    return NftParser.parse(
            HEAD
                + ",{\"rule\":{\"family\":\"inet\",\"table\":\"filter\",\"chain\":\"input\","
                + "\"handle\":4,\"expr\":["
                + expressions
                + "]}}]}",
            "")
        .get(0)
        .rules();
  }

  private static String match(String left, String operator, String right) {
    return "{\"match\":{\"op\":\""
        + operator
        + "\",\"left\":"
        + left
        + ",\"right\":"
        + right
        + "}}";
  }

  private static String payload(String protocol, String field) {
    return "{\"payload\":{\"protocol\":\"" + protocol + "\",\"field\":\"" + field + "\"}}";
  }

  @Test
  void chainHasItsHookPriorityAndPolicy() {
    Firewall.Chain chain = NftParser.parse(HEAD + "]}", "").get(0);
    assertThat(chain.hook()).contains(Firewall.Hook.INPUT);
    assertThat(chain.priority()).isEqualTo(-5);
    assertThat(chain.dropping()).isTrue();
    assertThat(chain).hasToString("nft inet filter input");
  }

  @Test
  void ruleHasTheWordsOfTheTextByItsHandle() {
    String json =
        HEAD
            + ",{\"rule\":{\"family\":\"inet\",\"table\":\"filter\",\"chain\":\"input\","
            + "\"handle\":4,\"expr\":[{\"counter\":{\"packets\":7,\"bytes\":420}},{\"drop\":null}]}}]}";
    String text =
        "table inet filter { # handle 1\n\tchain input { # handle 1\n\t\tcounter drop # handle 4\n";
    FirewallRule rule = NftParser.parse(json, text).get(0).rules().get(0);
    assertThat(rule.text()).isEqualTo("counter drop");
    assertThat(rule.packets()).hasValue(7);
    assertThat(rule.action().kind()).isEqualTo(FirewallRule.Kind.DROP);
    assertThat(NftParser.parse(json, "").get(0).rules().get(0).text()).startsWith("[{\"counter\"");
  }

  @Test
  void fieldsImplyTheirProtocolAndFamily() {
    assertThat(rules(match(payload("tcp", "dport"), "==", "80")).get(0).conditions())
        .containsExactly(
            new FirewallRule.Condition("protocol", List.of("tcp"), false),
            new FirewallRule.Condition("destination-port", List.of("80"), false));
    assertThat(
            rules(
                    match(
                        payload("ip6", "saddr"),
                        "!=",
                        "{\"set\":[{\"prefix\":{\"addr\":\"2001:db8::\",\"len\":32}},\"::1\"]}"))
                .get(0)
                .conditions())
        .containsExactly(
            new FirewallRule.Condition("family", List.of("ip6"), false),
            new FirewallRule.Condition("source", List.of("2001:db8::/32", "::1"), true));
    assertThat(
            rules(match(payload("th", "sport"), "in", "{\"range\":[1024,2048]}"))
                .get(0)
                .conditions())
        .containsExactly(new FirewallRule.Condition("source-port", List.of("1024-2048"), false));
  }

  /** The names of types stand for other numbers in ICMPv6: destination-unreachable is 1, not 3. */
  @ParameterizedTest
  @CsvSource({
    "icmp,destination-unreachable,3",
    "icmpv6,destination-unreachable,1",
    "icmp,echo-request,8",
    "icmpv6,echo-request,128",
    "icmpv6,packet-too-big,2",
    "icmp,time-exceeded,11",
    "icmpv6,time-exceeded,3",
    "icmpv6,parameter-problem,4",
    "icmpv6,nd-neighbor-solicit,nd-neighbor-solicit"
  })
  void namesOfIcmpTypesAreOfTheirProtocol(String protocol, String name, String number) {
    for (String right : List.of("\"" + name + "\"", "{\"set\":[\"" + name + "\"]}")) {
      assertThat(rules(match(payload(protocol, "type"), "==", right)).get(0).conditions())
          .contains(new FirewallRule.Condition("icmp-type", List.of(number), false));
    }
  }

  @Test
  void verdictMapIsARuleAnElement() {
    List<FirewallRule> rules =
        rules(
            "{\"vmap\":{\"key\":{\"ct\":{\"key\":\"state\"}},\"data\":{\"set\":["
                + "[\"invalid\",{\"drop\":null}],[{\"set\":[\"established\",\"related\"]},"
                + "{\"accept\":null}],[\"new\",{\"jump\":{\"target\":\"new\"}}]]}}}");
    assertThat(rules)
        .extracting(rule -> rule.action().kind())
        .containsExactly(
            FirewallRule.Kind.DROP,
            FirewallRule.Kind.ACCEPT,
            FirewallRule.Kind.JUMP,
            FirewallRule.Kind.CONTINUE);
    assertThat(rules.get(1).conditions())
        .containsExactly(
            new FirewallRule.Condition("state", List.of("established", "related"), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"match\":{\"op\":\"==\",\"left\":{\"fib\":{\"result\":\"oif\"}},\"right\":false}}",
        "{\"match\":{\"op\":\"<\",\"left\":{\"meta\":{\"key\":\"l4proto\"}},\"right\":6}}",
        "{\"match\":{\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"l4proto\"}},\"right\":\"@set\"}}",
        "{\"match\":{\"op\":\"==\",\"left\":{\"concat\":[]},\"right\":6}}",
        "{\"match\":{}}",
        "{\"match\":7}",
        "{\"xt\":null}",
        "{\"something new\":{}}",
        "{}",
        "[]",
        "\"text\"",
        "{\"vmap\":{\"key\":{},\"data\":\"@map\"}}",
        "{\"vmap\":7}"
      })
  void whatIsNotUnderstoodMakesTheRuleUncertainAndNotWider(String expression) {
    List<FirewallRule> rules = rules(expression + ",{\"accept\":null}");
    Firewall firewall =
        Firewall.of(
            NftParser.parse(
                HEAD
                    + ",{\"rule\":{\"family\":\"inet\",\"table\":\"filter\",\"chain\":\"input\","
                    + "\"handle\":4,\"expr\":["
                    + expression
                    + (expression.contains("vmap") ? "" : ",{\"accept\":null}")
                    + "]}}]}",
                ""));
    assertThat(rules).isNotEmpty();
    assertThat(firewall.walk(Firewall.Hook.INPUT, Packet.ipv4(4)).outcome())
        .isNotEqualTo(Firewall.Outcome.ACCEPT);
  }

  @Test
  void textThatIsNoRuleSetIsRefused() {
    assertThat(NftParser.parse(" \n", "")).isEmpty();
    for (String json : List.of("{}", "{\"nftables\":{}}", "[]", "7")) {
      assertThatThrownBy(() -> NftParser.parse(json, ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no rule set in the output of nft");
    }
    for (String json : List.of("{", "Error: no such file", HEAD)) {
      assertThatThrownBy(() -> NftParser.parse(json, "")).isInstanceOf(JacksonException.class);
    }
  }

  /** What becomes of packets by what was read. */
  @Nested
  class Walked {

    private static final Packet TUNNEL = Packet.ipv4(4).from(IpAddress.parse("192.168.1.100"));

    private static String ruleset(String... objects) {
      return "{\"nftables\":[" + String.join(",", objects) + "]}";
    }

    private static String chain(String family, String hook, String more) {
      return "{\"chain\":{\"family\":\""
          + family
          + "\",\"table\":\"f\",\"name\":\"c\",\"handle\":1,\"type\":\"filter\",\"hook\":\""
          + hook
          + "\",\"prio\":0"
          + more
          + "}}";
    }

    private static String rule(String family, String... expressions) {
      return "{\"rule\":{\"family\":\""
          + family
          + "\",\"table\":\"f\",\"chain\":\"c\",\"handle\":5,\"expr\":["
          + String.join(",", expressions)
          + "]}}";
    }

    private static String match(String left, String right) {
      return "{\"match\":{\"op\":\"==\",\"left\":" + left + ",\"right\":" + right + "}}";
    }

    private static String payload(String protocol, String field) {
      return "{\"payload\":{\"protocol\":\"" + protocol + "\",\"field\":\"" + field + "\"}}";
    }

    private static final String ACCEPT = "{\"accept\":null}";
    private static final String DROP = "{\"drop\":null}";

    private static String set(String kind, String name, String elements) {
      return "{\""
          + kind
          + "\":{\"family\":\"inet\",\"table\":\"f\",\"name\":\""
          + name
          + "\",\"type\":\"ipv4_addr\",\"handle\":2"
          + (elements.isEmpty() ? "" : ",\"elem\":[" + elements + "]")
          + "}}";
    }

    private static Outcome input(String json, String elements, Packet packet) {
      return Firewall.of(NftParser.parse(json, "", elements)).walk(Hook.INPUT, packet).outcome();
    }

    private static final String DIRECTORS =
        ruleset(
            chain("inet", "input", ",\"policy\":\"drop\""),
            rule("inet", match(payload("ip", "saddr"), "\"@directors\""), ACCEPT));

    @Test
    void elementsOfANamedSetDecide() {
      String network = "{\"prefix\":{\"addr\":\"192.168.1.0\",\"len\":24}}";
      assertThat(input(DIRECTORS, ruleset(set("set", "directors", network)), TUNNEL))
          .isEqualTo(Outcome.ACCEPT);
      String range = "{\"elem\":{\"val\":{\"range\":[\"192.168.1.101\",\"192.168.1.110\"]}}}";
      assertThat(input(DIRECTORS, ruleset(set("set", "directors", range)), TUNNEL))
          .isEqualTo(Outcome.DROP);
      assertThat(input(DIRECTORS, ruleset(set("set", "directors", "")), TUNNEL))
          .isEqualTo(Outcome.DROP);
    }

    @Test
    void aSetWhoseElementsAreNotKnownLeavesItOpen() {
      assertThat(input(DIRECTORS, "", TUNNEL)).isEqualTo(Outcome.UNCERTAIN);
      assertThat(input(DIRECTORS, ruleset(set("set", "others", "")), TUNNEL))
          .isEqualTo(Outcome.UNCERTAIN);
    }

    @Test
    void elementsOfANamedVerdictMapDecide() {
      String rules =
          ruleset(
              chain("inet", "input", ",\"policy\":\"accept\""),
              rule(
                  "inet",
                  "{\"vmap\":{\"key\":" + payload("tcp", "dport") + ",\"data\":\"@ports\"}}"));
      String elements = ruleset(set("map", "ports", "[80," + DROP + "],[443," + ACCEPT + "]"));
      assertThat(input(rules, elements, Packet.ipv4(6).toPort(80))).isEqualTo(Outcome.DROP);
      assertThat(input(rules, elements, Packet.ipv4(6).toPort(443))).isEqualTo(Outcome.ACCEPT);
      assertThat(input(rules, elements, Packet.ipv4(17).toPort(80))).isEqualTo(Outcome.ACCEPT);
    }

    @Test
    void aChainOfTheCardIsForItsDeviceAlone() {
      Firewall firewall =
          Firewall.of(
              NftParser.parse(
                  ruleset(
                      chain("netdev", "ingress", ",\"dev\":\"eth0\",\"policy\":\"accept\""),
                      rule("netdev", match(payload("ip", "protocol"), "4"), DROP)),
                  "",
                  ""));
      assertThat(firewall.walk(Hook.INGRESS, TUNNEL.arrivingOn("eth0")).outcome())
          .isEqualTo(Outcome.DROP);
      assertThat(firewall.walk(Hook.INGRESS, TUNNEL.arrivingOn("eth1")).outcome())
          .isEqualTo(Outcome.ACCEPT);
      Firewall closed =
          Firewall.of(
              NftParser.parse(
                  ruleset(chain("netdev", "ingress", ",\"dev\":\"eth0\",\"policy\":\"drop\"")),
                  "",
                  ""));
      assertThat(closed.walk(Hook.INGRESS, TUNNEL.arrivingOn("eth0")).outcome())
          .isEqualTo(Outcome.DROP);
      assertThat(closed.walk(Hook.INGRESS, TUNNEL.arrivingOn("eth1")).outcome())
          .isEqualTo(Outcome.ACCEPT);
    }

    @Test
    void flagsOfTcpTellTheFirstPacketFromLaterOnes() {
      String rules =
          ruleset(
              chain("inet", "input", ",\"policy\":\"drop\""),
              rule(
                  "inet",
                  match(
                      "{\"&\":[" + payload("tcp", "flags") + ",{\"|\":[\"syn\",\"ack\"]}]}",
                      "\"syn\""),
                  ACCEPT));
      assertThat(input(rules, "", Packet.ipv4(6).flagged(2))).isEqualTo(Outcome.ACCEPT);
      assertThat(input(rules, "", Packet.ipv4(6).flagged(18))).isEqualTo(Outcome.DROP);
      assertThat(input(rules, "", Packet.ipv4(6))).isEqualTo(Outcome.UNCERTAIN);
      assertThat(input(rules, "", Packet.ipv4(17))).isEqualTo(Outcome.DROP);
    }

    /** Found by FilterDifferenceLabIT, seeds 20261155 and 20261152. */
    @Test
    void whatABaseChainReturnsFromItsPolicyDecides() {
      String policy = chain("inet", "input", ",\"policy\":\"drop\"");
      assertThat(input(ruleset(policy, rule("inet", "{\"return\":null}")), "", TUNNEL))
          .isEqualTo(Outcome.DROP);
      String other =
          "{\"chain\":{\"family\":\"inet\",\"table\":\"f\",\"name\":\"other\",\"handle\":3}}";
      assertThat(
              input(
                  ruleset(policy, other, rule("inet", "{\"goto\":{\"target\":\"other\"}}")),
                  "",
                  TUNNEL))
          .isEqualTo(Outcome.DROP);
    }

    @Test
    void beforeConnectionTrackingAPacketHasNoState() {
      String rules =
          ruleset(
              chain("inet", "prerouting", ",\"policy\":\"accept\"")
                  .replace("\"prio\":0", "\"prio\":-300"),
              rule("inet", match("{\"ct\":{\"key\":\"state\"}}", "\"new\""), DROP));
      Firewall firewall = Firewall.of(NftParser.parse(rules, "", ""));
      assertThat(firewall.walk(Hook.PREROUTING, TUNNEL.inState("new")).outcome())
          .isEqualTo(Outcome.ACCEPT);
    }
  }
}
