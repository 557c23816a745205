// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.LinkFacts.Tunnel;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.network.Tunnel.Kind;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which device of a real server takes the packets out of their tunnel.
 *
 * <p>The kernel ({@code ip_tunnel_lookup}, {@code ip6_tnl_lookup}) prefers, among devices that are
 * up: both ends match; the remote end matches; the local end matches; any remote and local; one
 * that takes its ends from each packet ({@code external}); the fallback device, for example {@code
 * tunl0}. So {@code tunl0} is the last, not the first.
 *
 * @param device the device that takes them, or would if it were up; empty if there is none at all
 * @param devices all devices of the kind
 * @since 0.1.0
 */
public record Decapsulation(Optional<LinkFacts> device, List<LinkFacts> devices) {

  /** The kind that a use needs; empty if it is no tunnel. */
  public static Optional<Kind> kind(Cluster.Use use) {
    boolean over6 = !(use.realAddress() instanceof Inet4Address);
    return use.encapsulation()
        .map(
            encapsulation -> {
              if (encapsulation.type() == Encapsulation.TYPE_GRE) {
                return over6 ? Kind.IP6GRE : Kind.GRE;
              }
              if (over6) {
                return Kind.IP6TNL;
              }
              return use.service().key().family() == AddressFamily.IPV4 ? Kind.IPIP : Kind.SIT;
            });
  }

  /** The devices that take IPv4 out of IPv4: ipip; GUE leaves an ipip packet behind as well. */
  public static Decapsulation ipip(Cluster cluster, Member server) {
    return of(Kind.IPIP, cluster, server);
  }

  /** The devices of a kind. */
  public static Decapsulation of(Kind kind, Cluster cluster, Member server) {
    return of(
        kind,
        server.facts().links().get(),
        outerSources(cluster, server),
        cluster.realAddresses(server));
  }

  private static Set<InetAddress> outerSources(Cluster cluster, Member server) {
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
    return sources;
  }

  /**
   * The devices out of which a real server's packets of a family come, by all its uses; that of
   * ipip if it is in no table yet.
   */
  public static List<LinkFacts> devices(Cluster cluster, Member server, AddressFamily inner) {
    Set<Kind> kinds = new LinkedHashSet<>();
    List<Cluster.Use> uses = cluster.uses(server);
    for (Cluster.Use use : uses) {
      if (use.service().key().family() == inner) {
        kind(use).ifPresent(kinds::add);
      }
    }
    if (uses.isEmpty() && inner == AddressFamily.IPV4 && !cluster.strangersOnly(server)) {
      kinds.add(Kind.IPIP);
    }
    List<LinkFacts> devices = new ArrayList<>();
    for (Kind kind : kinds) {
      of(kind, cluster, server).device().ifPresent(devices::add);
    }
    return devices;
  }

  public static Decapsulation ipip(
      List<LinkFacts> links, Set<InetAddress> outerSources, Set<InetAddress> outerDestinations) {
    return of(Kind.IPIP, links, outerSources, outerDestinations);
  }

  private static Decapsulation of(
      Kind kind, List<LinkFacts> links, Set<InetAddress> sources, Set<InetAddress> destinations) {
    List<LinkFacts> devices = links.stream().filter(link -> takes(kind, link)).toList();
    Optional<LinkFacts> winner =
        devices.stream()
            .filter(link -> rank(kind, link, sources, destinations) < Integer.MAX_VALUE)
            .min(
                Comparator.comparing((LinkFacts link) -> !link.up())
                    .thenComparingInt(link -> rank(kind, link, sources, destinations))
                    .thenComparingInt(LinkFacts::index));
    return new Decapsulation(winner, devices);
  }

  private static boolean takes(Kind kind, LinkFacts link) {
    // A device for MPLS alone leaves IPv4 to the others.
    return link.kind().equals(kind.name().toLowerCase(Locale.ROOT))
        && link.tunnel().map(tunnel -> !tunnel.mode().equals("mplsip")).orElse(true);
  }

  private static int rank(
      Kind kind, LinkFacts link, Set<InetAddress> sources, Set<InetAddress> destinations) {
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
    return link.name().equals(kind.fallbackDevice()) ? 6 : 4;
  }
}
