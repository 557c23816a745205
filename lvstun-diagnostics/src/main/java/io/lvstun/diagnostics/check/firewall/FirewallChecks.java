// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.firewall;

import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Decapsulation;
import io.lvstun.diagnostics.check.relation.FilterRemedy;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.check.relation.TestPackets;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Backend;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Outcome;
import io.lvstun.diagnostics.facts.firewall.Firewall.Verdict;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * FW: packet filters of real servers, of all backends that the host has.
 *
 * @since 0.1.0
 */
public final class FirewallChecks {

  /** The flag of the first packet of a connection; other protocols have no rules for it. */
  private static final int SYN = 2;

  private FirewallChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.FILTER_INPUT, "input-protocol-4")
            .title("The real server's firewall accepts tunnel packets")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.CALICO_DEVICE)
            .symptom("Clients wait until they time out; a raw IP-in-IP probe stays unanswered")
            .why(
                "What the director sends is protocol 4, neither TCP nor UDP. A filter that lets"
                    + " only known ports in drops it, whatever it says of the service's port. (In"
                    + " /etc/protocols \"ipip\" is number 94, another protocol: 4 is called"
                    + " \"ipencap\" or \"ipv4\".) GUE is UDP, to the port of the tunnel; GRE is"
                    + " protocol 47; IPv6 in IPv4 is protocol 41.")
            .remedy("Accept protocol 4 from the directors' addresses, before any rule that drops.")
            .source("RFC 2003; measured with iptables and nftables")
            .examine(FirewallChecks::input),
        Check.of(Codes.FILTER_INNER, "input-inner-packet")
            .title("The real server's firewall accepts decapsulated packets")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.FILTER_INPUT)
            .symptomOf(Codes.FILTER_RULE)
            .symptom("Protocol 4 is accepted, and clients still wait until they time out")
            .why(
                "A packet passes the filter twice: as protocol 4 on the network card, and then, out"
                    + " of its tunnel, as the client sent it, on the tunnel device. A rule for the"
                    + " card alone does not help the second time.")
            .remedy("Accept the service's port on the tunnel device: -i tunl0 -d VIP --dport PORT.")
            .source("measured with iptables and nftables")
            .examine(FirewallChecks::inner),
        Check.of("FW-006", "one-filter-backend")
            .title("Only one packet filter is in use")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("The rules that iptables -L shows seem right, and packets are dropped")
            .why(
                "iptables-legacy and nftables (also as iptables-nft) are two filters of the kernel."
                    + " A packet must pass both, and each tool shows only one of them.")
            .remedy("Move all rules to one of them, and empty the other.")
            .source("iptables-nft(8), iptables-legacy(8)")
            .examine(FirewallChecks::backends));
  }

  private static Finding input(Subject subject) {
    Optional<String> skip = SkipReasons.notTunnelled(subject);
    if (skip.isEmpty() && subject.cluster().uses(subject.member()).isEmpty()) {
      skip = SkipReasons.notIpip(subject);
    }
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Firewall firewall = subject.facts().firewall().get();
    if (firewall.empty()) {
      return subject.pass("no packet filter").finding();
    }
    Set<String> passed = new LinkedHashSet<>();
    @Nullable Finding doubtful = null;
    Set<String> names = new LinkedHashSet<>();
    for (Packet packet : TestPackets.outerPackets(subject)) {
      names.add(TestPackets.described(packet));
      for (Hook hook : List.of(Hook.INGRESS, Hook.PREROUTING, Hook.INPUT)) {
        Verdict verdict = firewall.walk(hook, packet);
        if (verdict.outcome() == Outcome.DROP) {
          return subject
              .fail(TestPackets.described(packet) + TestPackets.from(packet) + " is dropped")
              .expected(TestPackets.described(packet) + " from the directors accepted in " + hook)
              .evidence("packet filter", verdict.reason())
              .remedy(
                  FilterRemedy.accept(
                      "Accept "
                          + TestPackets.described(packet)
                          + " from the director, before the rule that drops it.",
                      Codes.FILTER_INPUT,
                      firewall,
                      verdict.ruling(),
                      hook,
                      essential(packet)))
              .finding();
        }
        if (verdict.outcome() == Outcome.UNCERTAIN
            && !TestPackets.onlyReversePath(firewall, hook, packet, verdict)
            && doubtful == null) {
          doubtful =
              subject
                  .warn(
                      TestPackets.described(packet)
                          + TestPackets.from(packet)
                          + " may be dropped: a rule cannot be judged")
                  .expected(
                      TestPackets.described(packet) + " from the directors accepted in " + hook)
                  .evidence("packet filter", verdict.reason())
                  .remedy(
                      Remedy.manual(
                          "Look at the rule; accept "
                              + TestPackets.described(packet)
                              + " from the directors before it."))
                  .finding();
        }
        if (!verdict.reason().isEmpty()) {
          passed.add(verdict.reason());
        }
      }
    }
    if (doubtful != null) {
      return doubtful;
    }
    return subject
        .pass(SkipReasons.words(names) + " is let in")
        .evidence("packet filter", String.join("\n", passed))
        .finding();
  }

  /** What a rule must ask for: the source, the protocol, the port. */
  private static Packet essential(Packet packet) {
    Packet rule = packet.ipv6() ? Packet.ipv6(packet.protocol()) : Packet.ipv4(packet.protocol());
    if (packet.source().isPresent()) {
      rule = rule.from(packet.source().get());
    }
    return packet.destinationPort().isPresent()
        ? rule.toPort(packet.destinationPort().getAsInt())
        : rule;
  }

  private static Finding inner(Subject subject) {
    Optional<String> skip = SkipReasons.notTunnelled(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Set<ServiceKey.Endpoint> endpoints = SkipReasons.endpoints(subject);
    if (endpoints.isEmpty()) {
      return subject.skip("no service with a port is known");
    }
    Firewall firewall = subject.facts().firewall().get();
    if (firewall.empty()) {
      return subject.pass("no packet filter").finding();
    }
    Set<String> passed = new LinkedHashSet<>();
    @Nullable Finding doubtful = null;
    for (ServiceKey.Endpoint endpoint : endpoints) {
      for (LinkFacts device :
          Decapsulation.devices(subject.cluster(), subject.member(), endpoint.family())) {
        Packet packet =
            fromClient(
                subject,
                TestPackets.packetFor(endpoint)
                    .arrivingOn(device.name())
                    .inState("new")
                    .flagged(SYN));
        for (Hook hook : List.of(Hook.INGRESS, Hook.PREROUTING, Hook.INPUT)) {
          Verdict verdict = firewall.walk(hook, packet);
          String what = endpoint + " out of " + device.name();
          if (verdict.outcome() == Outcome.DROP) {
            return subject
                .fail(what + " is dropped")
                .expected(what + " accepted in " + hook)
                .evidence("packet filter", verdict.reason())
                .remedy(
                    FilterRemedy.accept(
                        "Accept the service's packets on the tunnel device.",
                        Codes.FILTER_INNER,
                        firewall,
                        verdict.ruling(),
                        hook,
                        TestPackets.packetFor(endpoint).arrivingOn(device.name())))
                .finding();
          }
          if (verdict.outcome() == Outcome.UNCERTAIN
              && !TestPackets.onlyReversePath(firewall, hook, packet, verdict)
              && doubtful == null) {
            doubtful =
                subject
                    .warn(what + " may be dropped: a rule cannot be judged")
                    .expected(what + " accepted in " + hook)
                    .evidence("packet filter", verdict.reason())
                    .remedy(
                        Remedy.manual("Look at the rule; accept the service's packets before it."))
                    .finding();
          }
          if (!verdict.reason().isEmpty()) {
            passed.add(verdict.reason());
          }
        }
      }
    }
    if (doubtful != null) {
      return doubtful;
    }
    return subject
        .pass("what comes out of the tunnel is let in")
        .evidence("packet filter", String.join("\n", passed))
        .finding();
  }

  /** As the first known client sends it. */
  private static Packet fromClient(Subject subject, Packet packet) {
    return TestPackets.clients(subject.cluster(), packet).stream()
        .findFirst()
        .map(packet::from)
        .orElse(packet);
  }

  private static Finding backends(Subject subject) {
    Firewall firewall = subject.facts().firewall().get();
    List<String> legacy = inUse(firewall, true);
    List<String> modern = inUse(firewall, false);
    if (legacy.isEmpty() || modern.isEmpty()) {
      return subject
          .pass(
              legacy.isEmpty() && modern.isEmpty()
                  ? "no packet filter"
                  : "one packet filter: " + (modern.isEmpty() ? "iptables-legacy" : "nftables"))
          .finding();
    }
    return subject
        .warn("both iptables-legacy and nftables have rules")
        .expected("one packet filter")
        .evidence("iptables-legacy-save", String.join("\n", legacy))
        .evidence("nft list ruleset", String.join("\n", modern))
        .remedy(
            Remedy.manual(
                "See what each has: iptables-legacy-save, nft list ruleset. Move the rules to one,"
                    + " then empty the other."))
        .finding();
  }

  /** The chains of a filter that decide something. */
  private static List<String> inUse(Firewall firewall, boolean legacy) {
    List<String> chains = new ArrayList<>();
    firewall.chains().stream()
        .filter(chain -> (chain.backend() == Backend.IPTABLES_LEGACY) == legacy)
        .filter(chain -> chain.dropping() || !chain.rules().isEmpty())
        .forEach(chain -> chains.add(chain + ": " + chain.rules().size() + " rules"));
    return chains.stream().limit(20).collect(Collectors.toList());
  }
}
