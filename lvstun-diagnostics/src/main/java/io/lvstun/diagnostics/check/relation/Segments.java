// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a real server's network card shares a segment with a virtual address: only there does ARP
 * for it reach the real server.
 *
 * @since 0.1.0
 */
public final class Segments {

  private Segments() {}

  /** The cards of a real server on which ARP for a virtual address can arrive. */
  public static Set<LinkFacts> shared(Cluster cluster, Member server) {
    Set<LinkFacts> shared = new LinkedHashSet<>();
    List<LinkFacts> links = server.facts().links().get();
    for (InetAddress virtual : SkipReasons.virtualIpv4(cluster)) {
      for (LinkFacts link : links) {
        if (link.arp() && link.up() && shares(cluster, server, link, virtual)) {
          shared.add(link);
        }
      }
    }
    return shared;
  }

  private static boolean shares(
      Cluster cluster, Member server, LinkFacts link, InetAddress virtual) {
    List<Address> own =
        server.facts().addresses().get().stream()
            .filter(address -> address.device().equals(link.name()))
            .toList();
    // The address is in the card's own network, or is its own.
    if (own.stream().anyMatch(address -> address.covers(virtual))) {
      return true;
    }
    // An on-link route leads to it.
    boolean onLink =
        server.facts().routes().known().orElse(List.of()).stream()
            .anyMatch(
                route ->
                    route.type().equals("unicast")
                        && route.gateway().isEmpty()
                        && route.device().equals(link.name())
                        && !route.destination().equals("default")
                        && route.covers(virtual));
    if (onLink) {
      return true;
    }
    // A director has it on a card whose network the real server's card is in.
    return cluster.members(Role.DIRECTOR).stream()
        .anyMatch(director -> adjacent(director, own, virtual));
  }

  private static boolean adjacent(Member director, List<Address> own, InetAddress virtual) {
    if (director.facts().failure().isPresent() || director.facts().addresses().known().isEmpty()) {
      return false;
    }
    List<Address> theirs = director.facts().addresses().get();
    Optional<String> device =
        theirs.stream()
            .filter(address -> address.address().equals(virtual))
            .map(Address::device)
            .findFirst();
    if (device.isEmpty()) {
      return false;
    }
    return theirs.stream()
        .filter(address -> address.device().equals(device.get()))
        .filter(address -> !address.address().equals(virtual))
        .anyMatch(
            address ->
                own.stream()
                    .anyMatch(
                        one ->
                            one.prefixLength() < 32
                                && one.prefixLength() == address.prefixLength()
                                && one.covers(address.address())));
  }

  /** The card by which the real server answers clients, from its default route. */
  public static Optional<String> egress(Member server) {
    return server.facts().routes().known().orElse(List.of()).stream()
        .filter(route -> route.destination().equals("default"))
        .map(RouteFacts::device)
        .filter(device -> !device.isEmpty())
        .findFirst();
  }
}
