// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Condition;
import io.lvstun.diagnostics.facts.firewall.FirewallRule.Kind;
import io.lvstun.diagnostics.facts.link.Prefix;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.facts.section.Sections;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The packet filters of a host: iptables of both kinds, and nftables. A {@link Packet} can be led
 * through them as the kernel would, and what becomes of it is told, with the rule that decided.
 *
 * <p>What is not understood, such as named sets or limits, is not guessed: the answer is {@link
 * Outcome#UNCERTAIN} then. Filters elsewhere (tc, XDP, bridges, the network between) are not seen.
 *
 * @since 0.1.0
 */
public final class Firewall {

  /** Chains of this priority or less run before {@code NF_IP_PRI_CONNTRACK}, which is -200. */
  private static final int BEFORE_TRACKING = -201;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_STEPS = 200_000;

  private final List<Chain> chains;

  private Firewall(List<Chain> chains) {
    this.chains = List.copyOf(chains);
  }

  /** Makes the filter of its chains. */
  public static Firewall of(List<Chain> chains) {
    return new Firewall(chains);
  }

  /**
   * Where a rule set comes from.
   *
   * @since 0.1.0
   */
  public enum Backend {
    /** {@code iptables-legacy}: the tables of {@code ip_tables}. */
    IPTABLES_LEGACY,
    /** {@code iptables-nft}: nftables in the clothes of iptables. */
    IPTABLES_NFT,
    /** {@code nft}. */
    NFT
  }

  /**
   * Where in the kernel a chain is called.
   *
   * @since 0.1.0
   */
  public enum Hook {
    /** Packets as the card hands them over, before all else: nft's family netdev. */
    INGRESS,
    /** All packets that arrive. */
    PREROUTING,
    /** Packets for the host itself: those for IPVS as well, which takes them after the filter. */
    INPUT,
    /** Packets that pass through. */
    FORWARD,
    /** Packets that the host sends: also those that IPVS encapsulates. */
    OUTPUT,
    /** All packets that leave. */
    POSTROUTING,
    /** Packets as they are handed to the card: nft's family netdev. */
    EGRESS
  }

  /**
   * A chain of rules.
   *
   * @param backend where it comes from
   * @param family {@code ip}, {@code ip6} or {@code inet}
   * @param table the table's name
   * @param name the chain's name
   * @param hook where it is called; empty if only other chains call it
   * @param priority the lower, the earlier
   * @param dropping whether packets that no rule decided on are dropped
   * @param rules in order
   * @since 0.1.0
   */
  public record Chain(
      Backend backend,
      String family,
      String table,
      String name,
      Optional<Hook> hook,
      int priority,
      boolean dropping,
      List<FirewallRule> rules) {

    /** Copies the list. */
    public Chain {
      rules = List.copyOf(rules);
    }

    /** Returns for example {@code nft inet filter input}. */
    @Override
    public String toString() {
      return backend.name().toLowerCase(Locale.ROOT).replace('_', '-')
          + " "
          + family
          + " "
          + table
          + " "
          + name;
    }
  }

  /**
   * What becomes of a packet.
   *
   * @since 0.1.0
   */
  public enum Outcome {
    /** It passes. */
    ACCEPT,
    /** It is dropped. */
    DROP,
    /** A rule that is not understood decides. */
    UNCERTAIN
  }

  /**
   * A place in the rule set that decides on a packet, or may.
   *
   * @param chain the chain, which names its backend, family and table
   * @param rule the rule; empty if the chain's policy decides, or nobody knows
   * @param known whether the chain was followed to where it decides; false if it has too many rules
   * @since 0.1.0
   */
  public record Ruling(Chain chain, Optional<FirewallRule> rule, boolean known) {

    private static Ruling by(Chain chain, FirewallRule rule) {
      return new Ruling(chain, Optional.of(rule), true);
    }

    /** Returns for example {@code nft inet filter input: ip protocol 4 drop}. */
    @Override
    public String toString() {
      return rule.map(one -> chain + ": " + one.text())
          .orElse(chain + (known ? " policy drop" : ": too many rules to follow"));
    }
  }

  /**
   * What becomes of a packet, and why.
   *
   * @param outcome what becomes of it
   * @param ruling what decides, or may decide; empty if no rule matches
   * @param exception a rule that may let the packet pass before the ruling drops it; empty if none
   *     does
   * @since 0.1.0
   */
  public record Verdict(Outcome outcome, Optional<Ruling> ruling, Optional<Ruling> exception) {

    /** Returns the ruling and its exception in words; empty if no rule matches. */
    public String reason() {
      return ruling.map(Ruling::toString).orElse("")
          + exception.map(pass -> ", unless this lets it pass: " + pass).orElse("");
    }
  }

  /** Reads all backends that the host has. */
  public static Fact<Firewall> of(Sections facts) {
    List<Chain> chains = new ArrayList<>();
    Set<String> readAsIptables = new HashSet<>();
    record Source(String section, Backend backend, String family) {}
    for (Source source :
        List.of(
            new Source("iptables-legacy.4", Backend.IPTABLES_LEGACY, "ip"),
            new Source("iptables-legacy.6", Backend.IPTABLES_LEGACY, "ip6"),
            new Source("iptables-nft.4", Backend.IPTABLES_NFT, "ip"),
            new Source("iptables-nft.6", Backend.IPTABLES_NFT, "ip6"))) {
      if (facts.section(source.section()).isEmpty() && facts.failure().isEmpty()) {
        continue;
      }
      Fact<List<Chain>> read =
          facts.understand(
              source.section(),
              text -> IptablesParser.parse(text, source.backend(), source.family()));
      if (read.known().isEmpty()) {
        return Fact.unknown(read.reason());
      }
      chains.addAll(read.get());
      if (source.backend() == Backend.IPTABLES_NFT) {
        read.get()
            .forEach(
                chain ->
                    readAsIptables.add(chain.family() + " " + chain.table() + " " + chain.name()));
      }
    }
    String names = facts.section("nft.text").map(Section::text).orElse("");
    String elements =
        facts
            .section("nft.elements")
            .filter(section -> section.state() == Section.State.READ)
            .map(Section::text)
            .orElse("");
    Fact<List<Chain>> nft =
        facts.understand("nft.json", text -> NftParser.parse(text, names, elements));
    if (nft.known().isEmpty()) {
      return Fact.unknown(nft.reason());
    }
    for (Chain chain : nft.get()) {
      // What iptables has written is understood better in its own words.
      if (!readAsIptables.contains(chain.family() + " " + chain.table() + " " + chain.name())) {
        chains.add(chain);
      }
    }
    return Fact.of(new Firewall(chains));
  }

  /**
   * Returns all chains.
   *
   * @return the chains of all backends
   */
  public List<Chain> chains() {
    return chains;
  }

  /**
   * Tells whether there is any rule, or a chain that drops.
   *
   * @return true if packets pass unseen
   */
  public boolean empty() {
    return chains.stream().allMatch(chain -> chain.rules().isEmpty() && !chain.dropping());
  }

  /**
   * Leads a packet through the chains of a hook.
   *
   * @param hook where it is
   * @param packet the packet
   * @return what becomes of it
   */
  public Verdict walk(Hook hook, Packet packet) {
    List<Chain> base = base(hook, packet);
    Walk walk = new Walk(packet);
    for (Chain chain : base) {
      walk.packet = tracked(chain, packet);
      Step step = walk.through(chain, 0, true);
      if (step == Step.DROP) {
        return new Verdict(
            walk.mayAccept.isEmpty() ? Outcome.DROP : Outcome.UNCERTAIN,
            walk.decided,
            walk.mayAccept);
      }
      walk.mayAccept = Optional.empty();
    }
    return walk.mayDrop.isEmpty()
        ? new Verdict(Outcome.ACCEPT, walk.decided, Optional.empty())
        : new Verdict(Outcome.UNCERTAIN, walk.mayDrop, Optional.empty());
  }

  /**
   * Returns the rules that may drop a packet, but cannot be judged, at a hook.
   *
   * @param hook where it is
   * @param packet the packet
   * @return each with its chain; none if the outcome is certain
   */
  public List<Ruling> doubts(Hook hook, Packet packet) {
    Walk walk = new Walk(packet);
    for (Chain chain : base(hook, packet)) {
      walk.packet = tracked(chain, packet);
      if (walk.through(chain, 0, true) == Step.DROP) {
        break;
      }
    }
    return List.copyOf(walk.doubts);
  }

  /**
   * Returns the first rule at a hook that has something in it and may match a packet, whatever
   * other rules do before it.
   *
   * @param hook where it is
   * @param packet the packet
   * @param wanted tells whether it is the kind of rule that is looked for
   * @return the chain and the rule
   */
  public Optional<Ruling> matching(Hook hook, Packet packet, Predicate<FirewallRule> wanted) {
    Walk walk = new Walk(packet);
    for (Chain chain : base(hook, packet)) {
      Optional<Ruling> found = walk.matching(chain, 0, wanted);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private List<Chain> base(Hook hook, Packet packet) {
    return chains.stream()
        .filter(chain -> chain.hook().filter(hook::equals).isPresent())
        .filter(chain -> familyMatches(chain.family(), packet))
        .sorted(Comparator.comparingInt(Chain::priority))
        .toList();
  }

  /** A packet as a chain sees it: before connection tracking has seen it, it counts as invalid. */
  private static Packet tracked(Chain chain, Packet packet) {
    if (packet.in().filter("lo"::equals).isPresent()) {
      // It was tracked as it was sent, and the loopback device does not forget.
      return packet;
    }
    boolean before =
        chain.hook().filter(hook -> hook == Hook.INGRESS).isPresent()
            || (chain.priority() <= BEFORE_TRACKING
                && chain
                    .hook()
                    .filter(hook -> hook == Hook.PREROUTING || hook == Hook.OUTPUT)
                    .isPresent());
    return before && packet.state().isPresent() ? packet.inState("invalid") : packet;
  }

  private static boolean familyMatches(String family, Packet packet) {
    return family.equals("inet")
        || family.equals("netdev")
        || family.equals(packet.ipv6() ? "ip6" : "ip");
  }

  private enum Step {
    ACCEPT,
    DROP,
    NEXT,
    RETURN
  }

  private enum Match {
    YES,
    NO,
    MAYBE
  }

  private final class Walk {

    private Packet packet;
    private Optional<Ruling> decided = Optional.empty();
    private Optional<Ruling> mayDrop = Optional.empty();
    private Optional<Ruling> mayAccept = Optional.empty();
    private final List<Ruling> doubts = new ArrayList<>();
    private int steps;

    Walk(Packet packet) {
      this.packet = packet;
    }

    Optional<Ruling> matching(Chain chain, int depth, Predicate<FirewallRule> wanted) {
      for (FirewallRule rule : chain.rules()) {
        if (++steps > MAX_STEPS || depth > MAX_DEPTH || match(rule) == Match.NO) {
          continue;
        }
        if (wanted.test(rule)) {
          return Optional.of(Ruling.by(chain, rule));
        }
        if (rule.action().kind() == Kind.JUMP || rule.action().kind() == Kind.GOTO) {
          Optional<Ruling> found =
              find(chain, rule.action().chain())
                  .flatMap(target -> matching(target, depth + 1, wanted));
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return Optional.empty();
    }

    private void doubt(Ruling where) {
      mayDrop = mayDrop.or(() -> Optional.of(where));
      if (doubts.size() < 100) {
        doubts.add(where);
      }
    }

    /** Certain steps only; what may happen is kept in mayDrop and mayAccept. */
    Step through(Chain chain, int depth, boolean certain) {
      for (FirewallRule rule : chain.rules()) {
        if (++steps > MAX_STEPS || depth > MAX_DEPTH) {
          doubt(new Ruling(chain, Optional.empty(), false));
          return Step.NEXT;
        }
        Match match = match(rule);
        if (match == Match.NO) {
          continue;
        }
        Step step = apply(chain, rule, depth, certain && match == Match.YES);
        if (step == Step.RETURN && chain.hook().isPresent()) {
          // A base chain returns to nobody: its policy speaks.
          break;
        }
        if (step != Step.NEXT) {
          return step;
        }
      }
      if (chain.hook().isPresent() && chain.dropping()) {
        decided = Optional.of(new Ruling(chain, Optional.empty(), true));
        return Step.DROP;
      }
      return Step.NEXT;
    }

    private Step apply(Chain chain, FirewallRule rule, int depth, boolean certain) {
      Ruling where = Ruling.by(chain, rule);
      switch (rule.action().kind()) {
        case ACCEPT -> {
          if (!certain) {
            mayAccept = mayAccept.or(() -> Optional.of(where));
            return Step.NEXT;
          }
          decided = Optional.of(where);
          return Step.ACCEPT;
        }
        case DROP -> {
          if (!certain) {
            doubt(where);
            return Step.NEXT;
          }
          decided = Optional.of(where);
          return Step.DROP;
        }
        case UNKNOWN -> {
          doubt(where);
          return Step.NEXT;
        }
        case RETURN -> {
          return certain ? Step.RETURN : Step.NEXT;
        }
        case JUMP, GOTO -> {
          Optional<Chain> target = find(chain, rule.action().chain());
          if (target.isEmpty()) {
            doubt(where);
            return Step.NEXT;
          }
          Step step = through(target.get(), depth + 1, certain);
          if (!certain) {
            return Step.NEXT;
          }
          if (step == Step.ACCEPT || step == Step.DROP) {
            return step;
          }
          return rule.action().kind() == Kind.GOTO ? Step.RETURN : Step.NEXT;
        }
        case CONTINUE -> {
          return Step.NEXT;
        }
      }
      return Step.NEXT;
    }

    private Optional<Chain> find(Chain from, String name) {
      return chains.stream()
          .filter(
              chain ->
                  chain.name().equals(name)
                      && chain.table().equals(from.table())
                      && chain.family().equals(from.family())
                      && chain.backend() == from.backend())
          .findFirst();
    }

    private Match match(FirewallRule rule) {
      boolean maybe = false;
      for (Condition condition : rule.conditions()) {
        Match match = match(condition);
        if (match == Match.NO) {
          return Match.NO;
        }
        maybe |= match == Match.MAYBE;
      }
      return maybe ? Match.MAYBE : Match.YES;
    }

    private Match match(Condition condition) {
      Match match =
          switch (condition.field()) {
            case "protocol" -> any(condition, value -> protocol(value));
            case "family" -> any(condition, value -> same(value.endsWith("6") == packet.ipv6()));
            case "source" -> any(condition, value -> address(value, packet.source()));
            case "destination" -> any(condition, value -> address(value, packet.destination()));
            case "in" -> any(condition, value -> device(value, packet.in()));
            case "out" -> any(condition, value -> device(value, packet.out()));
            case "source-port" -> any(condition, value -> number(value, packet.sourcePort()));
            case "destination-port" ->
                any(condition, value -> number(value, packet.destinationPort()));
            case "icmp-type" -> any(condition, value -> number(value, packet.icmpType()));
            case "tcp-flags" -> any(condition, value -> flags(value, packet.tcpFlags()));
            case "state" ->
                any(
                    condition,
                    value -> packet.state().map(s -> same(s.equals(value))).orElse(Match.MAYBE));
            default -> Match.MAYBE;
          };
      if (!condition.negated() || match == Match.MAYBE) {
        return match;
      }
      return match == Match.YES ? Match.NO : Match.YES;
    }

    private Match any(Condition condition, java.util.function.Function<String, Match> test) {
      boolean maybe = false;
      for (String value : condition.values()) {
        Match match = test.apply(value);
        if (match == Match.YES) {
          return Match.YES;
        }
        maybe |= match == Match.MAYBE;
      }
      return maybe ? Match.MAYBE : Match.NO;
    }

    private Match protocol(String value) {
      OptionalInt number = Protocols.number(value);
      return number.isPresent() ? same(number.getAsInt() == packet.protocol()) : Match.MAYBE;
    }

    private Match address(String value, Optional<InetAddress> address) {
      String[] ends = value.split("-", 2);
      if (ends.length == 2) {
        Optional<InetAddress> low = literal(ends[0]);
        Optional<InetAddress> high = literal(ends[1]);
        if (address.isEmpty() || low.isEmpty() || high.isEmpty()) {
          return Match.MAYBE;
        }
        return same(
            compare(low.get(), address.get()) <= 0 && compare(address.get(), high.get()) <= 0);
      }
      Optional<Prefix> prefix = Prefix.parse(value);
      if (prefix.isEmpty()) {
        return Match.MAYBE;
      }
      if (prefix.get().length() == 0) {
        return Match.YES;
      }
      return address.map(known -> same(prefix.get().covers(known))).orElse(Match.MAYBE);
    }

    private Match flags(String value, OptionalInt flags) {
      String[] parts = value.split("/", 2);
      return flags.isEmpty()
          ? Match.MAYBE
          : same((flags.getAsInt() & Integer.parseInt(parts[0])) == Integer.parseInt(parts[1]));
    }

    private Optional<InetAddress> literal(String text) {
      try {
        return Optional.of(IpAddress.parse(text));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private int compare(InetAddress one, InetAddress other) {
      return Arrays.compareUnsigned(one.getAddress(), other.getAddress());
    }

    private Match device(String value, Optional<String> device) {
      if (device.isEmpty()) {
        return Match.MAYBE;
      }
      return same(
          value.endsWith("*")
              ? device.get().startsWith(value.substring(0, value.length() - 1))
              : device.get().equals(value));
    }

    private Match number(String value, OptionalInt number) {
      String[] bounds = value.split("-", 2);
      if (!bounds[0].matches("\\d{1,5}") || (bounds.length > 1 && !bounds[1].matches("\\d{1,5}"))) {
        return Match.MAYBE;
      }
      int low = Integer.parseInt(bounds[0]);
      int high = bounds.length > 1 ? Integer.parseInt(bounds[1]) : low;
      if (number.isEmpty()) {
        return Match.MAYBE;
      }
      return same(number.getAsInt() >= low && number.getAsInt() <= high);
    }

    private Match same(boolean same) {
      return same ? Match.YES : Match.NO;
    }
  }
}
