// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.Segments;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.FirewallRule;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Subject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * ARP: who answers for the virtual address on a segment that real servers share.
 *
 * @since 0.1.0
 */
public final class ArpChecks {

  private ArpChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.ARP_IGNORE, "arp-ignore-on-card")
            .title("The real server does not answer ARP for the VIP")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_VIP)
            .symptom("Some clients go past the director, to one real server")
            .why(
                "Where a real server's card is on the segment of the virtual address, the request"
                    + " \"who has VIP\" reaches it, and by default Linux answers for each of its"
                    + " addresses, whichever device has it. The value that counts is the greater of"
                    + " conf/all and that of the card on which the request arrives, not that of"
                    + " tunl0.")
            .remedy("Set arp_ignore to 1 for all devices, or for the card.")
            .source("Linux ip-sysctl.rst, arp_ignore; measured")
            .examine(ArpChecks::ignore),
        Check.of(Codes.ARP_ANNOUNCE, "arp-announce-on-card")
            .title("The real server does not announce the VIP by ARP")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_VIP)
            .symptom("The router's ARP entry for the virtual address turns to a real server")
            .why(
                "When the real server answers a client, it asks for its gateway with the answer's"
                    + " source address: \"who has gateway, tell VIP\". Neighbours learn from that"
                    + " that the virtual address is at the real server.")
            .remedy("Set arp_announce to 2 for all devices, or for the card.")
            .source("Linux ip-sysctl.rst, arp_announce; measured")
            .examine(ArpChecks::announce));
  }

  private static Finding ignore(Subject subject) {
    Set<InetAddress> virtual = SkipReasons.virtualIpv4(subject.cluster());
    if (virtual.isEmpty()) {
      return subject.skip("no virtual IPv4 address is known");
    }
    Set<LinkFacts> cards = Segments.shared(subject.cluster(), subject.member());
    if (cards.isEmpty()) {
      return subject.skip("no card shares a segment with the virtual address");
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    List<Address> addresses = subject.facts().addresses().get();
    List<String> values = new ArrayList<>();
    List<LinkFacts> answering = new ArrayList<>();
    List<String> onCard = new ArrayList<>();
    for (LinkFacts card : cards) {
      int value = sysctls.effective("arp_ignore", card.name());
      values.add(settings(sysctls, "arp_ignore", card.name()));
      List<Address> own =
          addresses.stream()
              .filter(address -> address.device().equals(card.name()))
              .filter(address -> virtual.contains(address.address()))
              .toList();
      own.forEach(address -> onCard.add(address.toString()));
      // 1 and 2 answer only for the card's own addresses; 8 never; 3 hides those of scope host
      // alone.
      boolean hides =
          value == 1 || value == 2 || value == 8 || (value == 3 && hostScope(addresses, virtual));
      if (!hides) {
        answering.add(card);
      }
    }
    String evidence = String.join("\n", values);
    if (!onCard.isEmpty()) {
      return subject
          .fail("the card itself has the virtual address, and answers for it: " + onCard.get(0))
          .expected("the virtual address on tunl0 or lo, not on a card of the shared segment")
          .evidence("ip address", String.join("\n", onCard))
          .remedy(
              Remedy.manual("Move the address from the card to tunl0, then set arp_ignore to 1."))
          .finding();
    }
    if (answering.isEmpty()) {
      return subject
          .pass("arp_ignore holds on " + names(cards))
          .evidence("/proc/sys/net/ipv4/conf", evidence)
          .finding();
    }
    Optional<String> filtered = filtered(subject, Hook.INPUT, "daddr", virtual);
    if (filtered.isPresent()) {
      return subject
          .pass("a rule of the ARP filter drops requests for the virtual address")
          .evidence("packet filter", filtered.get())
          .finding();
    }
    Remedy remedy =
        Remedy.of(
            "Set arp_ignore to 1 on the card: it then answers only for addresses that the card"
                + " itself has.");
    for (LinkFacts card : answering) {
      remedy = Remedies.sysctl(remedy, Sysctls.conf(card.name(), "arp_ignore"), 1);
    }
    return subject
        .fail(
            "it answers ARP for "
                + virtual.stream().map(IpAddress::format).collect(Collectors.joining(", "))
                + " on "
                + names(answering))
        .expected("max(conf/all, conf/CARD) of arp_ignore 1, 2 or 8")
        .evidence("/proc/sys/net/ipv4/conf", evidence)
        .remedy(remedy)
        .finding();
  }

  private static boolean hostScope(List<Address> addresses, Set<InetAddress> virtual) {
    return addresses.stream()
        .filter(address -> virtual.contains(address.address()))
        .allMatch(address -> address.scope().equals("host"));
  }

  private static Finding announce(Subject subject) {
    Set<InetAddress> virtual = SkipReasons.virtualIpv4(subject.cluster());
    if (virtual.isEmpty()) {
      return subject.skip("no virtual IPv4 address is known");
    }
    Set<LinkFacts> cards = Segments.shared(subject.cluster(), subject.member());
    if (cards.isEmpty()) {
      return subject.skip("no card shares a segment with the virtual address");
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    List<String> values = new ArrayList<>();
    List<LinkFacts> announcing = new ArrayList<>();
    for (LinkFacts card : cards) {
      values.add(settings(sysctls, "arp_announce", card.name()));
      if (sysctls.effective("arp_announce", card.name()) < 2) {
        announcing.add(card);
      }
    }
    String evidence = String.join("\n", values);
    if (announcing.isEmpty()) {
      return subject
          .pass("arp_announce holds on " + names(cards))
          .evidence("/proc/sys/net/ipv4/conf", evidence)
          .finding();
    }
    Optional<String> filtered = filtered(subject, Hook.OUTPUT, "saddr", virtual);
    if (filtered.isPresent()) {
      return subject
          .pass("a rule of the ARP filter takes the virtual address out of what is sent")
          .evidence("packet filter", filtered.get())
          .finding();
    }
    Remedy remedy =
        Remedy.of(
            "Set arp_announce to 2 on the card: it then asks with its own address, never with the"
                + " virtual one.");
    for (LinkFacts card : announcing) {
      remedy = Remedies.sysctl(remedy, Sysctls.conf(card.name(), "arp_announce"), 2);
    }
    return subject
        .fail("it may announce the virtual address on " + names(announcing))
        .expected("max(conf/all, conf/CARD) of arp_announce 2")
        .evidence("/proc/sys/net/ipv4/conf", evidence)
        .remedy(remedy)
        .finding();
  }

  /**
   * The rules of the ARP filter that drop or rewrite packets with each virtual address; empty if
   * one of the addresses has none.
   */
  private static Optional<String> filtered(
      Subject subject, Hook hook, String field, Set<InetAddress> virtual) {
    Set<String> found = new LinkedHashSet<>();
    for (InetAddress address : virtual) {
      String wanted = "arp " + field + " ip " + IpAddress.format(address) + " ";
      Optional<String> rule =
          subject.facts().firewall().known().stream()
              .flatMap(firewall -> firewall.chains().stream())
              .filter(chain -> chain.family().equals("arp"))
              .filter(chain -> chain.hook().filter(hook::equals).isPresent())
              .flatMap(chain -> chain.rules().stream())
              .map(FirewallRule::text)
              .filter(text -> text.startsWith(wanted))
              .filter(
                  text ->
                      text.endsWith(" drop")
                          || (hook == Hook.OUTPUT && text.contains(" arp saddr ip set ")))
              .findFirst();
      if (rule.isEmpty()) {
        return Optional.empty();
      }
      found.add(rule.get());
    }
    return Optional.of(String.join("\n", found));
  }

  static String settings(Sysctls sysctls, String name, String card) {
    return "all/"
        + name
        + "="
        + sysctls.value(Sysctls.conf("all", name)).orElse("?")
        + " "
        + card
        + "/"
        + name
        + "="
        + sysctls.value(Sysctls.conf(card, name)).orElse("?")
        + " effective "
        + sysctls.effective(name, card);
  }

  private static String names(java.util.Collection<LinkFacts> links) {
    return links.stream().map(LinkFacts::name).collect(Collectors.joining(", "));
  }
}
