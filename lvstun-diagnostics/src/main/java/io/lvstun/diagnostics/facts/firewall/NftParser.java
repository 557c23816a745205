// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import io.lvstun.diagnostics.facts.firewall.Firewall.Backend;
import io.lvstun.diagnostics.facts.firewall.Firewall.Chain;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Action;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Condition;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Kind;
import io.lvstun.diagnostics.facts.section.Json;
import io.lvstun.diagnostics.facts.section.Lines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * {@code nft -j -t list ruleset}, with the words of {@code nft -t -a list ruleset} for evidence.
 */
final class NftParser {

  private static final Pattern TABLE = Pattern.compile("table (\\S+) (\\S+) \\{.*");
  private static final Pattern CHAIN = Pattern.compile("\\s+chain (\\S+) \\{.*");
  private static final Pattern HANDLE = Pattern.compile("\\s+(.*) # handle (\\d{1,18})\\s*");

  /** Statements that do not decide. */
  private static final Set<String> CONTINUING =
      Set.of(
          "counter",
          "log",
          "mangle",
          "notrack",
          "comment",
          "meter",
          "set",
          "dup",
          "flow",
          "ct helper",
          "ct timeout",
          "ct expectation",
          "last",
          "secmark",
          "synproxy",
          "add",
          "update",
          "delete");

  private static final Set<String> ACCEPTING =
      Set.of("accept", "snat", "dnat", "masquerade", "redirect", "tproxy", "fwd");

  private NftParser() {}

  private final Map<String, JsonNode> sets = new HashMap<>();
  private String table = "";

  static List<Chain> parse(String json, String text) {
    return parse(json, text, "");
  }

  /**
   * Reads the rules.
   *
   * @param json all but the elements of named sets
   * @param text the same in nft's own words
   * @param elements the named sets with their elements; empty if these are not known
   */
  static List<Chain> parse(String json, String text, String elements) {
    NftParser parser = new NftParser();
    parser.readSets(elements);
    return parser.chains(json, text);
  }

  private void readSets(String json) {
    if (json.isBlank()) {
      return;
    }
    for (JsonNode object : Json.MAPPER.readTree(json).path("nftables")) {
      for (String kind : List.of("set", "map")) {
        JsonNode set = object.path(kind);
        if (set.isObject()) {
          sets.put(key(set, set.path("name").asString("")), set);
        }
      }
    }
  }

  private List<Chain> chains(String json, String text) {
    if (json.isBlank()) {
      return List.of();
    }
    Map<String, String> words = words(text);
    JsonNode root = Json.MAPPER.readTree(json);
    if (!root.path("nftables").isArray()) {
      throw new IllegalArgumentException("no rule set in the output of nft");
    }
    Map<String, JsonNode> heads = new LinkedHashMap<>();
    Map<String, List<FirewallRule>> rules = new HashMap<>();
    for (JsonNode object : root.path("nftables")) {
      JsonNode chain = object.path("chain");
      if (chain.isObject()) {
        heads.put(key(chain, chain.path("name").asString("")), chain);
      }
      JsonNode rule = object.path("rule");
      if (rule.isObject()) {
        String key = key(rule, rule.path("chain").asString(""));
        table = key(rule, "");
        String written =
            words.getOrDefault(
                key + " " + rule.path("handle").asLong(0), rule.path("expr").toString());
        rules
            .computeIfAbsent(key, unused -> new ArrayList<>())
            .addAll(rules(rule.path("expr"), written));
      }
    }
    List<Chain> chains = new ArrayList<>();
    heads.forEach(
        (key, head) ->
            chains.add(
                new Chain(
                    Backend.NFT,
                    head.path("family").asString(""),
                    head.path("table").asString(""),
                    head.path("name").asString(""),
                    hook(head.path("hook").asString("")),
                    head.path("prio").asInt(0),
                    head.path("policy").asString("").equals("drop") && !head.has("dev"),
                    onDevice(head, rules.getOrDefault(key, List.of())))));
    return List.copyOf(chains);
  }

  /** The rules of a chain, which is called for packets of some devices alone if it names them. */
  private List<FirewallRule> onDevice(JsonNode head, List<FirewallRule> rules) {
    if (!head.has("dev")) {
      return rules;
    }
    Condition device =
        new Condition(
            head.path("hook").asString("").equals("egress") ? "out" : "in",
            values(head.path("dev"), false),
            false);
    List<FirewallRule> all = new ArrayList<>();
    for (FirewallRule rule : rules) {
      List<Condition> conditions = new ArrayList<>(List.of(device));
      conditions.addAll(rule.conditions());
      all.add(new FirewallRule(rule.text(), conditions, rule.action(), rule.packets()));
    }
    if (head.path("policy").asString("").equals("drop")) {
      all.add(
          new FirewallRule(
              "policy drop", List.of(device), Action.of(Kind.DROP), OptionalLong.empty()));
    }
    return all;
  }

  private static String key(JsonNode node, String chain) {
    return node.path("family").asString("") + " " + node.path("table").asString("") + " " + chain;
  }

  private static Optional<Hook> hook(String name) {
    for (Hook hook : Hook.values()) {
      if (hook.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(hook);
      }
    }
    return Optional.empty();
  }

  /** Family, table, chain and handle of each rule, to its words. */
  private static Map<String, String> words(String text) {
    Map<String, String> words = new HashMap<>();
    String table = "";
    String chain = "";
    for (String line : Lines.of(text)) {
      Matcher matcher = TABLE.matcher(line);
      if (matcher.matches()) {
        table = matcher.group(1) + " " + matcher.group(2);
        continue;
      }
      matcher = CHAIN.matcher(line);
      if (matcher.matches()) {
        chain = matcher.group(1);
        continue;
      }
      matcher = HANDLE.matcher(line);
      if (matcher.matches()) {
        words.put(table + " " + chain + " " + matcher.group(2), matcher.group(1).strip());
      }
    }
    return words;
  }

  /** One rule; one with a verdict map is several: one a verdict, in the order of the map. */
  private List<FirewallRule> rules(JsonNode expressions, String text) {
    List<Condition> conditions = new ArrayList<>();
    List<FirewallRule> rules = new ArrayList<>();
    Action action = Action.of(Kind.CONTINUE);
    OptionalLong packets = OptionalLong.empty();
    for (JsonNode expression : expressions) {
      Map.Entry<String, JsonNode> statement =
          expression.properties().stream().findFirst().orElse(null);
      if (statement == null) {
        conditions.add(Condition.unknown(expression.toString()));
        continue;
      }
      String name = statement.getKey();
      JsonNode value = statement.getValue();
      if (name.equals("match")) {
        match(value, conditions);
      } else if (name.equals("counter") && value.has("packets")) {
        packets = OptionalLong.of(value.path("packets").asLong(0));
      } else if (name.equals("vmap")) {
        rules.addAll(verdicts(value, conditions, text));
      } else if (isVerdict(name)) {
        action = verdict(name, value);
      } else if (name.equals("xt")) {
        // A match or a target of iptables, which nft does not tell.
        conditions.add(Condition.unknown("xt"));
        action = action.kind() == Kind.CONTINUE ? Action.of(Kind.UNKNOWN) : action;
      } else if (name.equals("queue")) {
        action = Action.of(Kind.UNKNOWN);
      } else if (!CONTINUING.contains(name)) {
        conditions.add(Condition.unknown(name));
      }
    }
    rules.add(new FirewallRule(text, conditions, action, packets));
    return rules;
  }

  private static boolean isVerdict(String name) {
    return ACCEPTING.contains(name)
        || Set.of("drop", "reject", "return", "jump", "goto", "continue").contains(name);
  }

  private static Action verdict(String name, JsonNode value) {
    if (ACCEPTING.contains(name)) {
      return Action.of(Kind.ACCEPT);
    }
    return switch (name) {
      case "drop", "reject" -> Action.of(Kind.DROP);
      case "return" -> Action.of(Kind.RETURN);
      case "jump" -> new Action(Kind.JUMP, value.path("target").asString(""));
      case "goto" -> new Action(Kind.GOTO, value.path("target").asString(""));
      default -> Action.of(Kind.CONTINUE);
    };
  }

  private List<FirewallRule> verdicts(JsonNode map, List<Condition> before, String text) {
    List<FirewallRule> rules = new ArrayList<>();
    JsonNode elements = map.path("data").path("set");
    if (map.path("data").isString()) {
      elements = named(map.path("data").asString("")).orElse(elements);
    }
    if (!elements.isArray()) {
      List<Condition> unknown = new ArrayList<>(before);
      unknown.add(Condition.unknown("verdict map"));
      rules.add(new FirewallRule(text, unknown, Action.of(Kind.UNKNOWN), OptionalLong.empty()));
      return rules;
    }
    for (JsonNode element : elements) {
      List<Condition> conditions = new ArrayList<>(before);
      String field = field(map.path("key"), conditions);
      List<String> values = values(element.path(0), icmpv6(map.path("key")));
      conditions.add(
          field.equals(Condition.UNKNOWN) || values.isEmpty()
              ? Condition.unknown("verdict map")
              : new Condition(field, values, false));
      Map.Entry<String, JsonNode> verdict =
          element.path(1).properties().stream().findFirst().orElse(null);
      rules.add(
          new FirewallRule(
              text,
              conditions,
              verdict == null
                  ? Action.of(Kind.UNKNOWN)
                  : verdict(verdict.getKey(), verdict.getValue()),
              OptionalLong.empty()));
    }
    return rules;
  }

  private void match(JsonNode match, List<Condition> conditions) {
    String operator = match.path("op").asString("==");
    if (tcpFlags(match, operator, conditions)) {
      return;
    }
    String field = field(match.path("left"), conditions);
    JsonNode right = match.path("right");
    Optional<JsonNode> named = right.isString() ? named(right.asString("")) : Optional.empty();
    List<String> values = values(named.orElse(right), icmpv6(match.path("left")));
    boolean none = named.filter(set -> set.isArray() && set.isEmpty()).isPresent();
    boolean understood =
        !field.equals(Condition.UNKNOWN)
            && (none || !values.isEmpty())
            && Set.of("==", "in", "!=").contains(operator);
    conditions.add(
        understood
            ? new Condition(field, values, operator.equals("!="))
            : Condition.unknown(match.toString()));
  }

  /** {@code tcp flags & MASK == VALUE}, and {@code tcp flags VALUE}, of which one must be set. */
  private static boolean tcpFlags(JsonNode match, String operator, List<Condition> conditions) {
    JsonNode left = match.path("left");
    JsonNode masked = left.path("&");
    JsonNode payload = (masked.isArray() ? masked.path(0) : left).path("payload");
    if (!payload.path("protocol").asString("").equals("tcp")
        || !payload.path("field").asString("").equals("flags")
        || !Set.of("==", "!=", "in").contains(operator)) {
      return false;
    }
    List<String> value = flags(match.path("right"));
    if (value.isEmpty()) {
      return false;
    }
    boolean negated = operator.equals("!=");
    conditions.add(new Condition("protocol", List.of("tcp"), false));
    if (operator.equals("in")) {
      conditions.add(TcpFlags.masked(value, List.of(), true, match.toString()));
    } else {
      List<String> mask =
          masked.isArray()
              ? flags(masked.path(1))
              : List.of("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr");
      conditions.add(TcpFlags.masked(mask, value, negated, match.toString()));
    }
    return true;
  }

  /** Names of flags, alone, in a list, or joined by bars. */
  private static List<String> flags(JsonNode node) {
    if (node.isString()) {
      return List.of(node.asString(""));
    }
    JsonNode members = node.isArray() ? node : node.path("|");
    List<String> names = new ArrayList<>();
    for (JsonNode member : members) {
      names.addAll(flags(member));
    }
    return names;
  }

  /**
   * The field that is compared; what it implies, such as the protocol of a port, becomes a
   * condition.
   */
  private static String field(JsonNode left, List<Condition> conditions) {
    JsonNode payload = left.path("payload");
    if (payload.isObject()) {
      String protocol = payload.path("protocol").asString("");
      String field = payload.path("field").asString("");
      switch (protocol) {
        case "ip", "ip6" -> {
          conditions.add(new Condition("family", List.of(protocol), false));
          return switch (field) {
            case "saddr" -> "source";
            case "daddr" -> "destination";
            case "protocol", "nexthdr" -> "protocol";
            default -> Condition.UNKNOWN;
          };
        }
        case "tcp", "udp", "sctp", "dccp", "udplite", "icmp", "icmpv6" -> {
          conditions.add(new Condition("protocol", List.of(protocol), false));
          return switch (field) {
            case "sport" -> "source-port";
            case "dport" -> "destination-port";
            case "type" -> "icmp-type";
            default -> Condition.UNKNOWN;
          };
        }
        case "th" -> {
          return switch (field) {
            case "sport" -> "source-port";
            case "dport" -> "destination-port";
            default -> Condition.UNKNOWN;
          };
        }
        default -> {
          return Condition.UNKNOWN;
        }
      }
    }
    JsonNode meta = left.path("meta");
    if (meta.isObject()) {
      return switch (meta.path("key").asString("")) {
        case "l4proto" -> "protocol";
        case "iifname", "iif" -> "in";
        case "oifname", "oif" -> "out";
        case "nfproto", "protocol" -> "family";
        default -> Condition.UNKNOWN;
      };
    }
    JsonNode ct = left.path("ct");
    if (ct.isObject() && ct.path("key").asString("").equals("state")) {
      return "state";
    }
    return Condition.UNKNOWN;
  }

  /** The elements of a named set or map; none if it is no name, or they are not known. */
  private Optional<JsonNode> named(String name) {
    JsonNode set = name.startsWith("@") ? sets.get(table + name.substring(1)) : null;
    if (set == null || set.path("type").isArray()) {
      return Optional.empty();
    }
    return Optional.of(set.has("elem") ? set.path("elem") : Json.MAPPER.createArrayNode());
  }

  /** The values on the right; none if they are not understood, as those of a named set. */
  private static List<String> values(JsonNode right, boolean icmpv6) {
    List<String> values = new ArrayList<>();
    if (right.isString() || right.isNumber()) {
      String text = right.asString("");
      return text.startsWith("@") ? List.of() : List.of(icmpv6 ? icmpv6Type(text) : icmpType(text));
    }
    JsonNode members = right.isArray() ? right : right.path("set");
    if (members.isArray()) {
      for (JsonNode member : members) {
        List<String> inner = values(member, icmpv6);
        if (inner.isEmpty()) {
          return List.of();
        }
        values.addAll(inner);
      }
      return values;
    }
    JsonNode range = right.path("range");
    if (range.size() == 2) {
      String low = range.path(0).asString("");
      String high = range.path(1).asString("");
      return low.isEmpty() || high.isEmpty() ? List.of() : List.of(low + "-" + high);
    }
    JsonNode prefix = right.path("prefix");
    if (prefix.isObject()) {
      return List.of(prefix.path("addr").asString("") + "/" + prefix.path("len").asInt(0));
    }
    JsonNode element = right.path("elem");
    return element.isObject() ? values(element.path("val"), icmpv6) : List.of();
  }

  private static boolean icmpv6(JsonNode left) {
    return left.path("payload").path("protocol").asString("").equals("icmpv6");
  }

  /** The number of an ICMP type; other text stays as it is. */
  private static String icmpType(String text) {
    return switch (text) {
      case "destination-unreachable" -> "3";
      case "echo-request" -> "8";
      case "echo-reply" -> "0";
      case "time-exceeded" -> "11";
      case "parameter-problem" -> "12";
      default -> text;
    };
  }

  /** The same names stand for other numbers in ICMPv6. */
  private static String icmpv6Type(String text) {
    return switch (text) {
      case "destination-unreachable" -> "1";
      case "packet-too-big" -> "2";
      case "time-exceeded" -> "3";
      case "parameter-problem" -> "4";
      case "echo-request" -> "128";
      case "echo-reply" -> "129";
      default -> text;
    };
  }
}
