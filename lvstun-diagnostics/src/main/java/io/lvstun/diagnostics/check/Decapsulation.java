// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import io.lvstun.diagnostics.Cluster;
import io.lvstun.diagnostics.Member;
import io.lvstun.diagnostics.Role;
import io.lvstun.diagnostics.host.Address;
import io.lvstun.diagnostics.host.Link;
import io.lvstun.diagnostics.host.Link.Tunnel;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which device of a real server takes the packets out of their tunnel.
 *
 * <p>The kernel ({@code ip_tunnel_lookup}) prefers, among devices that are up: both ends match; the
 * remote end matches; the local end matches; any remote and local; one that takes its ends from
 * each packet ({@code external}); the fallback device {@code tunl0}. So {@code tunl0} is the last,
 * not the first.
 *
 * @param device the device that takes them, or would if it were up; empty if there is none at all
 * @param devices all devices of the kind
 */
record Decapsulation(Optional<Link> device, List<Link> devices) {

  private static final String FALLBACK = "tunl0";

  /** The devices that take IPv4 out of IPv4: ipip; GUE leaves an ipip packet behind as well. */
  static Decapsulation ipip(Cluster cluster, Member server) {
    Set<InetAddress> sources = cluster.outerSources(server);
    if (sources.isEmpty()) {
      // Until the directors' routes are known, any of their addresses may be the one.
      sources = new LinkedHashSet<>();
      for (Member director : cluster.members(Role.DIRECTOR)) {
        director.facts().addresses().known().orElse(List.of()).stream()
            .map(Address::address)
            .forEach(sources::add);
      }
    }
    return ipip(server.facts().links().get(), sources, cluster.realAddresses(server));
  }

  static Decapsulation ipip(
      List<Link> links, Set<InetAddress> outerSources, Set<InetAddress> outerDestinations) {
    List<Link> devices = links.stream().filter(Decapsulation::takesIpv4).toList();
    Optional<Link> winner =
        devices.stream()
            .filter(link -> rank(link, outerSources, outerDestinations) < Integer.MAX_VALUE)
            .min(
                Comparator.comparing((Link link) -> !link.up())
                    .thenComparingInt(link -> rank(link, outerSources, outerDestinations))
                    .thenComparingInt(Link::index));
    return new Decapsulation(winner, devices);
  }

  private static boolean takesIpv4(Link link) {
    // A device for MPLS alone leaves IPv4 to the others.
    return link.kind().equals("ipip")
        && link.tunnel().map(tunnel -> !tunnel.mode().equals("mplsip")).orElse(true);
  }

  private static int rank(Link link, Set<InetAddress> sources, Set<InetAddress> destinations) {
    Tunnel tunnel = link.tunnel().orElse(new Tunnel(Optional.empty(), Optional.empty(), false, ""));
    if (tunnel.external()) {
      return 5;
    }
    // An end that is not known may match: the device is a candidate then.
    boolean remote =
        tunnel.remote().map(end -> sources.isEmpty() || sources.contains(end)).orElse(true);
    boolean local =
        tunnel
            .local()
            .map(end -> destinations.isEmpty() || destinations.contains(end))
            .orElse(true);
    if (!remote || !local) {
      return Integer.MAX_VALUE;
    }
    if (tunnel.remote().isPresent()) {
      return tunnel.local().isPresent() ? 1 : 2;
    }
    if (tunnel.local().isPresent()) {
      return 3;
    }
    return link.name().equals(FALLBACK) ? 6 : 4;
  }
}
