// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.FirewallRule;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.model.Clients;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Subject;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The packets that a packet filter is asked about, and what is said of them.
 *
 * @since 0.1.0
 */
public final class TestPackets {

  static final int IPIP = 4;
  private static final int UDP = 17;
  private static final int IPV6 = 41;
  private static final int GRE = 47;

  private TestPackets() {}

  /**
   * A tunnel in UDP is no protocol 4 to the filter: some checks are only for tunnels without it.
   */
  public static Optional<String> notBare(Subject subject) {
    Optional<String> skip = SkipReasons.notIpip(subject);
    List<Cluster.Use> uses = subject.cluster().uses(subject.member());
    if (skip.isPresent() || uses.isEmpty() || uses.stream().anyMatch(SkipReasons::bareIpip)) {
      return skip;
    }
    return Optional.of("the tunnels to it are within UDP");
  }

  /** The outer packet of a use, as far as its protocol and port go. */
  public static Packet outerPacket(Cluster.Use use) {
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
  public static List<Packet> outerPackets(Subject subject) {
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
  public static String described(Packet packet) {
    return packet.protocol() == UDP && packet.destinationPort().isPresent()
        ? "UDP port " + packet.destinationPort().getAsInt()
        : "protocol " + packet.protocol();
  }

  public static String from(Packet packet) {
    return packet.source().map(source -> " from " + IpAddress.format(source)).orElse("");
  }

  /** A client's packet to a service. */
  public static Packet packetFor(ServiceKey.Endpoint endpoint) {
    int protocol = endpoint.protocol().number();
    Packet packet =
        endpoint.family() == AddressFamily.IPV4 ? Packet.ipv4(protocol) : Packet.ipv6(protocol);
    return packet.to(endpoint.address()).toPort(endpoint.port());
  }

  /** The addresses that the known clients send a packet from. */
  public static Set<InetAddress> clients(Cluster cluster, Packet packet) {
    return packet.destination().map(virtual -> Clients.of(cluster, virtual)).orElse(Set.of());
  }

  /** Whether nothing but rules that check the way back leave open what becomes of a packet. */
  public static boolean onlyReversePath(
      Firewall firewall, Hook hook, Packet packet, Firewall.Verdict verdict) {
    List<Firewall.Ruling> doubts = firewall.doubts(hook, packet);
    return verdict.exception().isEmpty()
        && verdict.ruling().filter(doubts::contains).isPresent()
        && doubts.stream().allMatch(TestPackets::reversePathRule);
  }

  private static boolean reversePathRule(Firewall.Ruling ruling) {
    String rule = ruling.rule().map(FirewallRule::text).orElse("");
    return rule.contains("rpfilter") || (rule.contains("fib") && rule.contains("saddr"));
  }
}
