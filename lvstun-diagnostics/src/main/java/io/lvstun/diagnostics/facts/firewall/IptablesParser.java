// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import io.lvstun.diagnostics.facts.firewall.Firewall.Backend;
import io.lvstun.diagnostics.facts.firewall.Firewall.Chain;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Action;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Condition;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Kind;
import io.lvstun.diagnostics.facts.section.Lines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of {@code iptables-save -c} and {@code ip6tables-save -c}. */
final class IptablesParser {

  private static final Pattern RULE =
      Pattern.compile("(?:\\[(\\d{1,19}):\\d{1,19}] )?-A (\\S+) ?(.*)");
  private static final Map<String, Integer> PRIORITY =
      Map.of("raw", -300, "mangle", -150, "nat", -100, "filter", 0, "security", 50);

  /** Targets after which the next rule is looked at. */
  private static final Set<String> CONTINUING =
      Set.of(
          "LOG",
          "NFLOG",
          "ULOG",
          "MARK",
          "CONNMARK",
          "CT",
          "NOTRACK",
          "TCPMSS",
          "SET",
          "TOS",
          "DSCP",
          "TTL",
          "HL",
          "CLASSIFY",
          "CHECKSUM",
          "AUDIT",
          "TRACE",
          "TEE",
          "ECN",
          "RATEEST",
          "IDLETIMER",
          "LED",
          "SECMARK",
          "CONNSECMARK",
          "TCPOPTSTRIP");

  private static final Set<String> ACCEPTING =
      Set.of("ACCEPT", "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP", "TPROXY");

  private IptablesParser() {}

  static List<Chain> parse(String text, Backend backend, String family) {
    Map<String, Draft> drafts = new LinkedHashMap<>();
    String table = "";
    for (String line : Lines.of(text)) {
      if (line.startsWith("*")) {
        table = line.substring(1).strip();
      } else if (line.startsWith(":")) {
        List<String> words = Lines.words(line.substring(1));
        if (words.size() >= 2) {
          drafts.put(table + " " + words.get(0), new Draft(table, words.get(0), words.get(1)));
        }
      } else {
        Matcher rule = RULE.matcher(line);
        Draft draft = rule.matches() ? drafts.get(table + " " + rule.group(2)) : null;
        if (draft != null) {
          draft.rules.add(rule(rule));
        }
      }
    }
    List<Chain> chains = new ArrayList<>();
    for (Draft draft : drafts.values()) {
      chains.add(
          new Chain(
              backend,
              family,
              draft.table,
              draft.name,
              draft.hook(),
              PRIORITY.getOrDefault(draft.table, 0),
              draft.policy.equals("DROP"),
              draft.rules));
    }
    return List.copyOf(chains);
  }

  private static final class Draft {
    private final String table;
    private final String name;
    private final String policy;
    private final List<FirewallRule> rules = new ArrayList<>();

    Draft(String table, String name, String policy) {
      this.table = table;
      this.name = name;
      this.policy = policy;
    }

    /** Chains of users have no policy. */
    Optional<Hook> hook() {
      return policy.equals("-")
          ? Optional.empty()
          : Arrays.stream(Hook.values()).filter(hook -> hook.name().equals(name)).findFirst();
    }
  }

  private static FirewallRule rule(Matcher matcher) {
    String packets = matcher.group(1);
    Reader reader = new Reader(words(matcher.group(3)));
    reader.read();
    return new FirewallRule(
        "-A " + matcher.group(2) + " " + matcher.group(3),
        reader.conditions,
        reader.action,
        packets == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(packets)));
  }

  /** Words as a shell would see them: quotes around comments, backslashes before quotes. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean open = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted && i + 1 < text.length()) {
        word.append(text.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        open = true;
      } else if (c == ' ' && !quoted) {
        if (open || word.length() > 0) {
          words.add(word.toString());
        }
        word.setLength(0);
        open = false;
      } else {
        word.append(c);
      }
    }
    if (open || word.length() > 0) {
      words.add(word.toString());
    }
    return words;
  }

  private static final class Reader {

    private final List<String> words;
    private final List<Condition> conditions = new ArrayList<>();
    private Action action = Action.of(Kind.CONTINUE);

    Reader(List<String> words) {
      this.words = words;
    }

    void read() {
      boolean negated = false;
      int at = 0;
      while (at < words.size()) {
        String option = words.get(at);
        String value = at + 1 < words.size() ? words.get(at + 1) : "";
        switch (option) {
          case "!" -> {
            negated = true;
            at++;
            continue;
          }
          case "-j", "-g" -> {
            action = action(option, value);
            return;
          }
          case "-m", "--comment" -> at++;
          case "-p", "--protocol" -> at += field("protocol", List.of(value), negated);
          case "-s", "--source" -> at += field("source", List.of(value.split(",")), negated);
          case "-d", "--destination" ->
              at += field("destination", List.of(value.split(",")), negated);
          case "-i" -> at += field("in", List.of(device(value)), negated);
          case "-o" -> at += field("out", List.of(device(value)), negated);
          case "--dport", "--dports", "--destination-port" ->
              at += field("destination-port", ports(value), negated);
          case "--sport", "--sports", "--source-port" ->
              at += field("source-port", ports(value), negated);
          case "--ctstate", "--state" ->
              at += field("state", List.of(value.toLowerCase(Locale.ROOT).split(",")), negated);
          case "--tcp-flags" -> {
            String wanted = at + 2 < words.size() ? words.get(at + 2) : "";
            conditions.add(
                TcpFlags.masked(
                    List.of(value.split(",")),
                    List.of(wanted.split(",")),
                    negated,
                    option + " " + value));
            at += 2;
          }
          case "--syn" ->
              conditions.add(
                  TcpFlags.masked(
                      List.of("FIN", "SYN", "RST", "ACK"), List.of("SYN"), negated, option));
          case "--src-range" -> at += field("source", List.of(value), negated);
          case "--dst-range" -> at += field("destination", List.of(value), negated);
          case "--icmp-type", "--icmpv6-type" -> at += icmp(value, negated);
          default -> {
            if (option.startsWith("-")) {
              conditions.add(Condition.unknown(option + " " + value));
            }
          }
        }
        negated = false;
        at++;
      }
    }

    private int field(String name, List<String> values, boolean negated) {
      conditions.add(new Condition(name, values, negated));
      return 1;
    }

    private int icmp(String value, boolean negated) {
      // "3/4" asks for the code as well, which the packet does not tell.
      int slash = value.indexOf('/');
      field("icmp-type", List.of(slash < 0 ? value : value.substring(0, slash)), negated);
      if (slash >= 0) {
        conditions.add(Condition.unknown("icmp code " + value.substring(slash + 1)));
      }
      return 1;
    }

    private static String device(String name) {
      return name.endsWith("+") ? name.substring(0, name.length() - 1) + "*" : name;
    }

    private static List<String> ports(String text) {
      return Arrays.stream(text.split(",")).map(port -> port.replace(':', '-')).toList();
    }

    private static Action action(String option, String target) {
      if (option.equals("-g")) {
        return new Action(Kind.GOTO, target);
      }
      if (ACCEPTING.contains(target)) {
        return Action.of(Kind.ACCEPT);
      }
      if (CONTINUING.contains(target)) {
        return Action.of(Kind.CONTINUE);
      }
      return switch (target) {
        case "DROP", "REJECT", "TARPIT", "STEAL" -> Action.of(Kind.DROP);
        case "RETURN" -> Action.of(Kind.RETURN);
        case "QUEUE", "NFQUEUE", "SYNPROXY" -> Action.of(Kind.UNKNOWN);
        default -> new Action(Kind.JUMP, target);
      };
    }
  }
}
