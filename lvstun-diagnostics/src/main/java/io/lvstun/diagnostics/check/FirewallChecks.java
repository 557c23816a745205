// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.Action;
import io.lvstun.diagnostics.Check;
import io.lvstun.diagnostics.Cluster;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Remedy;
import io.lvstun.diagnostics.Risk;
import io.lvstun.diagnostics.Role;
import io.lvstun.diagnostics.Subject;
import io.lvstun.diagnostics.host.Address;
import io.lvstun.diagnostics.host.Firewall;
import io.lvstun.diagnostics.host.Firewall.Backend;
import io.lvstun.diagnostics.host.Firewall.Hook;
import io.lvstun.diagnostics.host.Firewall.Outcome;
import io.lvstun.diagnostics.host.Firewall.Verdict;
import io.lvstun.diagnostics.host.Packet;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** FW: packet filters, of all backends that the host has. */
final class FirewallChecks {

  static final String INPUT = "FW-001";
  private static final int IPIP = 4;

  private FirewallChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(INPUT, "input-protocol-4")
            .title("The real server's packet filter lets the tunnel in")
            .on(Role.REAL_SERVER)
            .dependsOn(HostChecks.ANSWERS)
            .symptom("Clients wait until they time out; a raw IP-in-IP probe stays unanswered")
            .why(
                "What the director sends is protocol 4, neither TCP nor UDP. A filter that lets"
                    + " only known ports in drops it, whatever it says of the service's port. (In"
                    + " /etc/protocols \"ipip\" is number 94, another protocol: 4 is called"
                    + " \"ipencap\" or \"ipv4\".)")
            .remedy("Accept protocol 4 from the directors' addresses, before any rule that drops.")
            .source("RFC 2003; measured with iptables and nftables")
            .examine(FirewallChecks::input));
  }

  private static Finding input(Subject subject) {
    Optional<String> skip = notBare(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Firewall firewall = subject.facts().firewall().get();
    if (firewall.empty()) {
      return subject.pass("no packet filter").finding();
    }
    List<Packet> packets = packets(subject);
    List<String> passed = new ArrayList<>();
    for (Packet packet : packets) {
      for (Hook hook : List.of(Hook.PREROUTING, Hook.INPUT)) {
        Verdict verdict = firewall.walk(hook, packet);
        if (verdict.outcome() == Outcome.DROP) {
          return subject
              .fail("protocol 4" + from(packet) + " is dropped")
              .expected("protocol 4 from the directors accepted in " + hook)
              .evidence("packet filter", verdict.reason())
              .remedy(accept(firewall, verdict, packet))
              .finding();
        }
        if (verdict.outcome() == Outcome.UNCERTAIN) {
          return subject
              .warn("protocol 4" + from(packet) + " may be dropped: a rule cannot be judged")
              .expected("protocol 4 from the directors accepted in " + hook)
              .evidence("packet filter", verdict.reason())
              .remedy(
                  Remedy.manual(
                      "Look at the rule; accept protocol 4 from the directors before it."))
              .finding();
        }
        if (!verdict.reason().isEmpty()) {
          passed.add(verdict.reason());
        }
      }
    }
    return subject
        .pass("protocol 4 is let in")
        .evidence("packet filter", String.join("\n", passed))
        .finding();
  }

  /**
   * A tunnel in UDP is no protocol 4 to the filter: that is FW-001's business only for bare
   * tunnels.
   */
  private static Optional<String> notBare(Subject subject) {
    Optional<String> skip = Applies.notIpip(subject);
    List<Cluster.Use> uses = subject.cluster().uses(subject.member());
    if (skip.isPresent() || uses.isEmpty() || uses.stream().anyMatch(Applies::bareIpip)) {
      return skip;
    }
    return Optional.of("the tunnels to it are within UDP");
  }

  /** One packet for each director, as far as addresses are known. */
  private static List<Packet> packets(Subject subject) {
    Set<InetAddress> sources = subject.cluster().outerSources(subject.member());
    List<Packet> packets = new ArrayList<>();
    for (InetAddress destination : subject.cluster().realAddresses(subject.member())) {
      if (!(destination instanceof Inet4Address)) {
        continue;
      }
      Packet packet = Packet.ipv4(IPIP).to(destination).inState("new");
      Optional<String> device =
          subject.facts().addresses().known().stream()
              .flatMap(List::stream)
              .filter(address -> address.address().equals(destination))
              .map(Address::device)
              .findFirst();
      if (device.isPresent()) {
        packet = packet.arrivingOn(device.get());
      }
      boolean any = false;
      for (InetAddress source : sources) {
        if (source instanceof Inet4Address) {
          packets.add(packet.from(source));
          any = true;
        }
      }
      if (!any) {
        packets.add(packet);
      }
    }
    if (packets.isEmpty()) {
      packets.add(Packet.ipv4(IPIP).inState("new"));
    }
    return packets;
  }

  private static String from(Packet packet) {
    return packet.source().map(source -> " from " + IpAddress.format(source)).orElse("");
  }

  /** A rule in front of the chain that drops, in the words of its backend. */
  private static Remedy accept(Firewall firewall, Verdict verdict, Packet packet) {
    Optional<Firewall.Chain> chain =
        firewall.chains().stream()
            .filter(one -> one.hook().isPresent())
            .filter(one -> verdict.reason().startsWith(one.toString()))
            .findFirst()
            .or(
                () ->
                    firewall.chains().stream()
                        .filter(one -> one.hook().filter(Hook.INPUT::equals).isPresent())
                        .filter(one -> !one.family().equals("ip6"))
                        .findFirst());
    String text = "Accept protocol 4 from the director, before the rule that drops it.";
    if (chain.isEmpty()) {
      return Remedy.manual(text);
    }
    Firewall.Chain at = chain.get();
    Optional<String> source = packet.source().map(IpAddress::format);
    if (at.backend() == Backend.NFT) {
      List<String> rule =
          new ArrayList<>(List.of("nft", "insert", "rule", at.family(), at.table(), at.name()));
      source.ifPresent(address -> rule.addAll(List.of("ip", "saddr", address)));
      rule.addAll(List.of("ip", "protocol", "4", "counter", "accept"));
      return Remedy.of(text, new Action.Run(rule, List.of(), Risk.FIREWALL));
    }
    String program = at.backend() == Backend.IPTABLES_LEGACY ? "iptables-legacy" : "iptables-nft";
    List<String> tail = new ArrayList<>();
    tail.addAll(List.of("-p", "4"));
    source.ifPresent(address -> tail.addAll(List.of("-s", address)));
    tail.addAll(List.of("-j", "ACCEPT"));
    List<String> insert = new ArrayList<>(List.of(program, "-t", at.table(), "-I", at.name(), "1"));
    insert.addAll(tail);
    List<String> delete = new ArrayList<>(List.of(program, "-t", at.table(), "-D", at.name()));
    delete.addAll(tail);
    return Remedy.of(text, new Action.Run(insert, delete, Risk.FIREWALL));
  }
}
