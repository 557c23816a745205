// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.diagnostics.Check;
import io.lvstun.diagnostics.Cluster;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Remedy;
import io.lvstun.diagnostics.Role;
import io.lvstun.diagnostics.Severity;
import io.lvstun.diagnostics.Subject;
import io.lvstun.diagnostics.host.Address;
import io.lvstun.diagnostics.host.Firewall;
import io.lvstun.diagnostics.host.Firewall.Backend;
import io.lvstun.diagnostics.host.Firewall.Hook;
import io.lvstun.diagnostics.host.Firewall.Outcome;
import io.lvstun.diagnostics.host.Firewall.Verdict;
import io.lvstun.diagnostics.host.Link;
import io.lvstun.diagnostics.host.Packet;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** FW: packet filters of real servers, of all backends that the host has. */
final class FirewallChecks {

  static final String INPUT = "FW-001";
  static final String INNER = "FW-002";
  static final int IPIP = 4;
  private static final int UDP = 17;
  private static final int IPV6 = 41;
  private static final int GRE = 47;

  private FirewallChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(INPUT, "input-protocol-4")
            .title("The real server's packet filter lets the tunnel in")
            .on(Role.REAL_SERVER)
            .dependsOn(HostChecks.ANSWERS)
            .symptomOf(TunnelDeviceChecks.CALICO)
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
        Check.of(INNER, "input-inner-packet")
            .title("The real server's packet filter lets in what comes out of the tunnel")
            .on(Role.REAL_SERVER)
            .dependsOn(INPUT)
            .symptomOf(ReversePathChecks.FILTER_RULE)
            .symptom("Protocol 4 is accepted, and clients still wait until they time out")
            .why(
                "A packet passes the filter twice: as protocol 4 on the network card, and then, out"
                    + " of its tunnel, as the client sent it, on the tunnel device. A rule for the"
                    + " card alone does not help the second time.")
            .remedy("Accept the service's port on the tunnel device: -i tunl0 -d VIP --dport PORT.")
            .source("measured with iptables and nftables")
            .examine(FirewallChecks::inner),
        Check.of("FW-006", "one-filter-backend")
            .title("One packet filter is in use, not two")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(HostChecks.ANSWERS)
            .symptom("The rules that iptables -L shows seem right, and packets are dropped")
            .why(
                "iptables-legacy and nftables (also as iptables-nft) are two filters of the kernel."
                    + " A packet must pass both, and each tool shows only one of them.")
            .remedy("Move all rules to one of them, and empty the other.")
            .source("iptables-nft(8), iptables-legacy(8)")
            .examine(FirewallChecks::backends));
  }

  private static Finding input(Subject subject) {
    Optional<String> skip = Applies.notTunnelled(subject);
    if (skip.isEmpty() && subject.cluster().uses(subject.member()).isEmpty()) {
      skip = Applies.notIpip(subject);
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
    for (Packet packet : outerPackets(subject)) {
      names.add(described(packet));
      for (Hook hook : List.of(Hook.PREROUTING, Hook.INPUT)) {
        Verdict verdict = firewall.walk(hook, packet);
        if (verdict.outcome() == Outcome.DROP) {
          return subject
              .fail(described(packet) + from(packet) + " is dropped")
              .expected(described(packet) + " from the directors accepted in " + hook)
              .evidence("packet filter", verdict.reason())
              .remedy(
                  FilterRemedy.accept(
                      "Accept "
                          + described(packet)
                          + " from the director, before the rule that drops it.",
                      INPUT,
                      firewall,
                      verdict.reason(),
                      hook,
                      essential(packet)))
              .finding();
        }
        if (verdict.outcome() == Outcome.UNCERTAIN
            && !ReversePathChecks.onlyReversePath(firewall, hook, packet, verdict)
            && doubtful == null) {
          doubtful =
              subject
                  .warn(
                      described(packet) + from(packet) + " may be dropped: a rule cannot be judged")
                  .expected(described(packet) + " from the directors accepted in " + hook)
                  .evidence("packet filter", verdict.reason())
                  .remedy(
                      Remedy.manual(
                          "Look at the rule; accept "
                              + described(packet)
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
        .pass(Applies.words(names) + " is let in")
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

  /**
   * A tunnel in UDP is no protocol 4 to the filter: some checks are only for tunnels without it.
   */
  static Optional<String> notBare(Subject subject) {
    Optional<String> skip = Applies.notIpip(subject);
    List<Cluster.Use> uses = subject.cluster().uses(subject.member());
    if (skip.isPresent() || uses.isEmpty() || uses.stream().anyMatch(Applies::bareIpip)) {
      return skip;
    }
    return Optional.of("the tunnels to it are within UDP");
  }

  /** The outer packet of a use, as far as its protocol and port go. */
  static Packet outerPacket(Cluster.Use use) {
    boolean over6 = !(use.realAddress() instanceof Inet4Address);
    Encapsulation kind = use.encapsulation().orElse(Encapsulation.ipip());
    int protocol =
        switch (kind.type()) {
          case Encapsulation.TYPE_GUE -> UDP;
          case Encapsulation.TYPE_GRE -> GRE;
          default -> use.service().key().family() == AddressFamily.IPV4 ? IPIP : IPV6;
        };
    Packet packet = over6 ? Packet.ipv6(protocol) : Packet.ipv4(protocol);
    return (protocol == UDP ? packet.toPort(kind.port()) : packet)
        .to(use.realAddress())
        .inState("new");
  }

  /** The tunnels' packets as a real server gets them; one for each director that is known. */
  static List<Packet> outerPackets(Subject subject) {
    Set<Packet> packets = new LinkedHashSet<>();
    for (Cluster.Use use : subject.cluster().uses(subject.member())) {
      if (use.encapsulation().isEmpty()) {
        continue;
      }
      Packet packet = onCard(subject, outerPacket(use), use.realAddress());
      packets.add(
          subject
              .cluster()
              .outerSource(use.director(), use.realAddress())
              .known()
              .map(packet::from)
              .orElse(packet));
    }
    if (packets.isEmpty()) {
      for (InetAddress address : subject.cluster().realAddresses(subject.member())) {
        if (address instanceof Inet4Address) {
          Packet packet = onCard(subject, Packet.ipv4(IPIP).to(address).inState("new"), address);
          Set<InetAddress> sources = subject.cluster().outerSources(subject.member());
          sources.stream()
              .filter(source -> source instanceof Inet4Address)
              .forEach(source -> packets.add(packet.from(source)));
          if (packets.isEmpty()) {
            packets.add(packet);
          }
        }
      }
    }
    if (packets.isEmpty()) {
      packets.add(Packet.ipv4(IPIP).inState("new"));
    }
    return List.copyOf(packets);
  }

  private static Packet onCard(Subject subject, Packet packet, InetAddress address) {
    return subject.facts().addresses().known().stream()
        .flatMap(List::stream)
        .filter(one -> one.address().equals(address))
        .map(Address::device)
        .findFirst()
        .map(packet::arrivingOn)
        .orElse(packet);
  }

  /** The packet in words, for example {@code protocol 4}. */
  static String described(Packet packet) {
    return packet.protocol() == UDP && packet.destinationPort().isPresent()
        ? "UDP port " + packet.destinationPort().getAsInt()
        : "protocol " + packet.protocol();
  }

  static String from(Packet packet) {
    return packet.source().map(source -> " from " + IpAddress.format(source)).orElse("");
  }

  private static Finding inner(Subject subject) {
    Optional<String> skip = Applies.notTunnelled(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Set<ServiceKey.Endpoint> endpoints = Applies.endpoints(subject);
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
      for (Link device :
          Decapsulation.devices(subject.cluster(), subject.member(), endpoint.family())) {
        Packet packet = packetFor(endpoint).arrivingOn(device.name()).inState("new");
        for (Hook hook : List.of(Hook.PREROUTING, Hook.INPUT)) {
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
                        INNER,
                        firewall,
                        verdict.reason(),
                        hook,
                        packetFor(endpoint).arrivingOn(device.name())))
                .finding();
          }
          if (verdict.outcome() == Outcome.UNCERTAIN
              && !ReversePathChecks.onlyReversePath(firewall, hook, packet, verdict)
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

  /** A client's packet to a service. */
  static Packet packetFor(ServiceKey.Endpoint endpoint) {
    int protocol = endpoint.protocol().number();
    Packet packet =
        endpoint.family() == AddressFamily.IPV4 ? Packet.ipv4(protocol) : Packet.ipv6(protocol);
    return packet.to(endpoint.address()).toPort(endpoint.port());
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
