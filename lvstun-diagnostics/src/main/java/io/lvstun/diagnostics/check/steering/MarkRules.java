// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.steering;

import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Chain;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.FirewallRule;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of a packet filter that set firewall marks. */
final class MarkRules {

  /** What a mark without a mask covers. */
  static final long WHOLE = 0xffff_ffffL;

  private static final String NUMBER = "(0x[0-9a-fA-F]{1,8}|\\d{1,10})";

  private static final Pattern IPTABLES =
      Pattern.compile(
          "--(?:set-xmark|set-mark|or-mark|and-mark|xor-mark) " + NUMBER + "(?:/" + NUMBER + ")?");

  private static final Pattern NFT = Pattern.compile("meta mark set " + NUMBER + "(?![\\w/])");

  /** "meta mark set meta mark or 0x4000", and the like: some bits of the mark. */
  private static final Pattern NFT_BITS =
      Pattern.compile(
          "meta mark set (?:meta )?mark (?:and|&) "
              + NUMBER
              + " (?:(?:or|\\||xor|\\^) "
              + NUMBER
              + ")|meta mark set (?:meta )?mark (?:or|\\||xor|\\^) "
              + NUMBER);

  /** The same in the JSON of nft, where there is no text. */
  private static final Pattern NFT_JSON =
      Pattern.compile(
          "\"mangle\":\\{\"key\":\\{\"meta\":\\{\"key\":\"mark\"\\}\\},\"value\":(\\d{1,10})\\}");

  private MarkRules() {}

  /**
   * A rule that sets marks.
   *
   * @param chain its chain
   * @param rule the rule
   * @param hooks where packets come to it
   * @param mark the mark; empty if it is looked up, for each packet
   * @param mask the bits that it sets
   */
  record MarkRule(Chain chain, FirewallRule rule, Set<Hook> hooks, OptionalLong mark, long mask) {

    boolean looksUp() {
      return mark.isEmpty();
    }

    /** Whether a packet that it marks can have the mark. */
    boolean sets(long wanted) {
      return mark.isPresent()
          && (mark.getAsLong() & mask) == (wanted & mask)
          && (mask == WHOLE || (wanted & mask) != 0);
    }

    /** Whether packets that IPVS is to take come to it before IPVS does. */
    boolean beforeIpvs() {
      return hooks.contains(Hook.PREROUTING) || hooks.contains(Hook.INPUT);
    }

    @Override
    public String toString() {
      return chain + ": " + rule.text();
    }
  }

  static List<MarkRule> of(Firewall firewall) {
    List<MarkRule> found = new ArrayList<>();
    for (Chain chain : firewall.chains()) {
      for (FirewallRule rule : chain.rules()) {
        String text = rule.text();
        Matcher iptables = IPTABLES.matcher(text);
        Matcher nft = NFT.matcher(text);
        Matcher bits = NFT_BITS.matcher(text);
        Matcher json = NFT_JSON.matcher(text);
        if (text.contains("-j MARK") && iptables.find()) {
          long mark = Long.decode(iptables.group(1));
          long mask = iptables.group(2) == null ? WHOLE : Long.decode(iptables.group(2));
          if (text.contains("--or-mark")) {
            mask = mark;
          }
          found.add(new MarkRule(chain, rule, hooks(firewall, chain), OptionalLong.of(mark), mask));
        } else if (nft.find()) {
          found.add(
              new MarkRule(
                  chain,
                  rule,
                  hooks(firewall, chain),
                  OptionalLong.of(Long.decode(nft.group(1))),
                  WHOLE));
        } else if (bits.find()) {
          String set = bits.group(3) != null ? bits.group(3) : bits.group(2);
          long mark = Long.decode(set);
          long mask = bits.group(3) != null ? mark : ~Long.decode(bits.group(1)) & WHOLE;
          found.add(new MarkRule(chain, rule, hooks(firewall, chain), OptionalLong.of(mark), mask));
        } else if (json.find()) {
          found.add(
              new MarkRule(
                  chain,
                  rule,
                  hooks(firewall, chain),
                  OptionalLong.of(Long.parseLong(json.group(1))),
                  WHOLE));
        } else if (looksUp(text)) {
          found.add(new MarkRule(chain, rule, hooks(firewall, chain), OptionalLong.empty(), WHOLE));
        }
      }
    }
    return found;
  }

  private static boolean looksUp(String text) {
    return text.contains("--map-mark")
        || text.contains("--restore-mark")
        || text.contains("meta mark set ")
        || text.contains("\"mangle\":{\"key\":{\"meta\":{\"key\":\"mark\"}}");
  }

  /** The hooks from which packets come to a chain, through other chains as well. */
  private static Set<Hook> hooks(Firewall firewall, Chain chain) {
    Set<Hook> hooks = EnumSet.noneOf(Hook.class);
    Set<Chain> seen = new HashSet<>();
    List<Chain> left = new ArrayList<>(List.of(chain));
    while (!left.isEmpty()) {
      Chain one = left.remove(left.size() - 1);
      if (!seen.add(one)) {
        continue;
      }
      one.hook().ifPresent(hooks::add);
      for (Chain other : firewall.chains()) {
        if (other.backend() == one.backend()
            && other.family().equals(one.family())
            && other.table().equals(one.table())
            && other.rules().stream().anyMatch(rule -> leadsTo(rule, one.name()))) {
          left.add(other);
        }
      }
    }
    return hooks;
  }

  private static boolean leadsTo(FirewallRule rule, String chain) {
    Kind kind = rule.action().kind();
    return (kind == Kind.JUMP || kind == Kind.GOTO) && rule.action().chain().equals(chain);
  }

  /** Whether a rule looks at what the packet carries, which a SYN does not have yet. */
  static boolean readsPayload(FirewallRule rule) {
    String text = rule.text();
    if (text.contains("-m string") || text.contains("-m u32") || text.contains("-m layer7")) {
      return true;
    }
    // Of the transport header the first 20 bytes are there in each SYN.
    Matcher raw =
        Pattern.compile("@(th|ih),(\\d{1,6}),\\d{1,6}|\"base\":\"(th|ih)\",\"offset\":(\\d{1,6})")
            .matcher(text);
    while (raw.find()) {
      String base = raw.group(1) != null ? raw.group(1) : raw.group(3);
      String offset = raw.group(2) != null ? raw.group(2) : raw.group(4);
      if (base.equals("ih") || Integer.parseInt(offset) >= 160) {
        return true;
      }
    }
    return false;
  }

  /** Whether packets of TCP can match: they can unless the rule asks for another protocol. */
  static boolean takesTcp(FirewallRule rule) {
    return rule.conditions().stream()
        .filter(condition -> condition.field().equals("protocol"))
        .allMatch(
            condition ->
                condition.negated()
                    != (condition.values().contains("tcp") || condition.values().contains("6")));
  }
}
