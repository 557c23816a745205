// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.Segments;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.Neighbour;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * ARP: settings that have no effect, and what others on the segment have learnt.
 *
 * @since 0.1.0
 */
public final class ArpNeighbourChecks {

  /** Of virtual routers: RFC 5798, 7.3. */
  private static final String VRRP_PREFIX = "00:00:5e:00:0";

  private ArpNeighbourChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of("ARP-002", "arp-settings-on-tunnel")
            .title("ARP settings apply to the network card")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_VIP)
            .symptom("arp_ignore of tunl0 is 1, and the real server still answers for the VIP")
            .why(
                "A tunnel device speaks no ARP (NOARP). The request arrives on the network card,"
                    + " and the card's settings count, or those for all devices.")
            .remedy("Set arp_ignore and arp_announce for all devices, or for the card.")
            .source("Linux net/ipv4/arp.c, arp_ignore; measured")
            .examine(ArpNeighbourChecks::onTunnel),
        Check.of(Codes.VIP_HAS_ONE_MAC, "vip-has-one-mac")
            .title("Neighbours resolve the VIP to the director")
            .on(Role.VANTAGE)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.ARP_IGNORE, Codes.ARP_ANNOUNCE)
            .symptom("Some clients go past the director, to one real server")
            .why(
                "Whoever answers ARP for the virtual address gets its packets. If that is a real"
                    + " server, the director is not asked; the load is not balanced, and nothing"
                    + " fails until that server does.")
            .remedy(
                "Mend ARP-001 and ARP-003 on the real server, then let the entry be learnt anew.")
            .source("RFC 826; measured")
            .examine(ArpNeighbourChecks::owner),
        Check.of("ARP-005", "neighbours-follow-failover")
            .title("Neighbours resolve the VIP to the active director")
            .severity(Severity.WARN)
            .on(Role.VANTAGE)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("After a fail-over, clients wait for a minute or more")
            .why(
                "Neighbours keep what they have learnt. The new master must tell them, by"
                    + " gratuitous ARP, and may have to repeat it.")
            .remedy(
                "Let the director repeat gratuitous ARP: garp_master_repeat and"
                    + " garp_master_refresh in keepalived.conf.")
            .source("keepalived.conf(5)")
            .examine(ArpNeighbourChecks::follow));
  }

  private static Finding onTunnel(Subject subject) {
    if (SkipReasons.virtualIpv4(subject.cluster()).isEmpty()) {
      return subject.skip("no virtual IPv4 address is known");
    }
    Set<LinkFacts> cards = Segments.shared(subject.cluster(), subject.member());
    if (cards.isEmpty()) {
      return subject.skip("no card shares a segment with the virtual address");
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    List<String> vain = new ArrayList<>();
    Remedy remedy = Remedy.of("Set them on the card that shares the segment.");
    for (String name : List.of("arp_ignore", "arp_announce")) {
      for (LinkFacts link : subject.facts().links().get()) {
        if (link.arp()
            || link.flags().contains("LOOPBACK")
            || sysctls.number(Sysctls.conf(link.name(), name)).orElse(0) == 0) {
          continue;
        }
        for (LinkFacts card : cards) {
          if (sysctls.effective(name, card.name()) == 0) {
            vain.add(
                ArpChecks.settings(sysctls, name, card.name())
                    + ", but "
                    + link.name()
                    + "/"
                    + name
                    + "="
                    + sysctls.value(Sysctls.conf(link.name(), name)).orElse("?"));
            remedy =
                Remedies.sysctl(
                    remedy, Sysctls.conf(card.name(), name), name.equals("arp_ignore") ? 1 : 2);
          }
        }
      }
    }
    if (vain.isEmpty()) {
      return subject.pass("no setting is in the wrong place").finding();
    }
    return subject
        .warn("ARP settings stand on a device that speaks no ARP, where they have no effect")
        .expected("arp_ignore and arp_announce on the card, or for all devices")
        .evidence("/proc/sys/net/ipv4/conf", String.join("\n", vain))
        .remedy(remedy)
        .finding();
  }

  /** What the host has learnt of the virtual addresses. */
  private static List<Neighbour> learnt(Subject subject) {
    Set<InetAddress> virtual = subject.cluster().virtualAddresses();
    return subject.facts().neighbours().get().stream()
        .filter(neighbour -> virtual.contains(neighbour.address()))
        .filter(neighbour -> !neighbour.hardwareAddress().isEmpty())
        .toList();
  }

  private static Optional<Member> holder(Subject subject, Role role, String hardwareAddress) {
    return subject.cluster().members(role).stream()
        .filter(
            member ->
                member.facts().links().known().orElse(List.of()).stream()
                    .anyMatch(
                        link ->
                            link.hardwareAddress()
                                .toLowerCase(Locale.ROOT)
                                .equals(hardwareAddress)))
        .findFirst();
  }

  private static Finding owner(Subject subject) {
    List<Neighbour> learnt = learnt(subject);
    if (learnt.isEmpty()) {
      return subject.skip("it has no ARP entry of the virtual address: it is on another segment");
    }
    for (Neighbour neighbour : learnt) {
      String address = neighbour.hardwareAddress();
      if (holder(subject, Role.DIRECTOR, address).isPresent() || address.startsWith(VRRP_PREFIX)) {
        continue;
      }
      Optional<Member> server = holder(subject, Role.REAL_SERVER, address);
      if (server.isPresent()) {
        return subject
            .fail("it sends the virtual address's packets to " + server.get().name())
            .expected("the hardware address of a director")
            .evidence("ip neigh", neighbour.toString())
            .remedy(
                Remedy.of(
                    "Set arp_ignore to 1 and arp_announce to 2 on "
                        + server.get().name()
                        + " (ARP-001, ARP-003), then let this host forget the entry, to learn it"
                        + " anew.",
                    forget(neighbour)))
            .finding();
      }
      return subject
          .warn("it sends the virtual address's packets to " + address + ", which no host has")
          .expected("the hardware address of a director")
          .evidence("ip neigh", neighbour.toString())
          .remedy(
              Remedy.manual(
                  "Find out whose card that is: another host may have the virtual address too."))
          .finding();
    }
    return subject
        .pass("the virtual address is found at a director")
        .evidence("ip neigh", SkipReasons.words(learnt))
        .finding();
  }

  /** Taken back, it is learnt anew again, from hosts that are as they were. */
  private static HostChange forget(Neighbour neighbour) {
    List<String> command =
        List.of(
            "ip",
            "neigh",
            "flush",
            "to",
            IpAddress.format(neighbour.address()),
            "dev",
            neighbour.device());
    return RunCommand.once(command, command, Risk.ADDRESS);
  }

  private static Finding follow(Subject subject) {
    List<Neighbour> learnt = learnt(subject);
    if (learnt.isEmpty()) {
      return subject.skip("it has no ARP entry of the virtual address: it is on another segment");
    }
    for (Neighbour neighbour : learnt) {
      Optional<Member> old = holder(subject, Role.DIRECTOR, neighbour.hardwareAddress());
      if (old.isEmpty() || has(old.get(), neighbour.address())) {
        continue;
      }
      Optional<Member> master =
          subject.cluster().members(Role.DIRECTOR).stream()
              .filter(director -> has(director, neighbour.address()))
              .findFirst();
      if (master.isPresent()) {
        return subject
            .warn(
                "it still finds the virtual address at "
                    + old.get().name()
                    + ", but "
                    + master.get().name()
                    + " has it now")
            .expected("the hardware address of " + master.get().name())
            .evidence("ip neigh", neighbour.toString())
            .remedy(
                Remedy.manual(
                    "Send gratuitous ARP from "
                        + master.get().name()
                        + ", and let keepalived repeat it: garp_master_repeat,"
                        + " garp_master_refresh."))
            .finding();
      }
    }
    return subject.pass("it has followed").finding();
  }

  private static boolean has(Member director, InetAddress address) {
    return director.facts().addresses().known().orElse(List.of()).stream()
        .map(Address::address)
        .anyMatch(address::equals);
  }
}
