// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How large a client's packet may be to fit into a tunnel.
 *
 * @param use the tunnel
 * @param mtu what the director's path to the real server takes
 * @param clamped whether the real server is known to announce an MSS that fits
 * @since 0.1.0
 */
public record TunnelPath(Cluster.Use use, Fact<Integer> mtu, boolean clamped) {

  /** What clients on Ethernet send. */
  public static final int CLIENT_MTU = 1500;

  /** Headers of IPv4 and TCP without options. */
  private static final int IPV4_AND_TCP = 40;

  private static final int IPV6_AND_TCP = 60;

  /** All tunnels of a director. */
  public static List<TunnelPath> of(Cluster cluster, Member director) {
    List<TunnelPath> paths = new ArrayList<>();
    for (Cluster.Use use : cluster.usesBy(director)) {
      if (use.encapsulation().isPresent()) {
        Fact<Integer> mtu = mtu(director, use);
        boolean clamped =
            mtu.known()
                .filter(known -> clamps(cluster, use, known - overhead(use) - headers(use)))
                .isPresent();
        paths.add(new TunnelPath(use, mtu, clamped));
      }
    }
    return paths;
  }

  /** The largest packet that fits; not known if the path's MTU is not. */
  public Optional<Integer> inner() {
    return mtu.known().map(known -> known - overhead(use));
  }

  /** The largest TCP segment that fits. */
  public Optional<Integer> segment() {
    return inner().map(bytes -> bytes - headers(use));
  }

  /** Whether a client's full packet does not fit. */
  public boolean narrow() {
    return inner().filter(bytes -> bytes < CLIENT_MTU).isPresent();
  }

  /** Whether a client's full packet does not fit, and nothing keeps clients from sending it. */
  public boolean small() {
    return narrow() && !clamped;
  }

  public String server() {
    return IpAddress.format(use.realAddress());
  }

  private static int headers(Cluster.Use use) {
    return use.service().key().family() == AddressFamily.IPV4 ? IPV4_AND_TCP : IPV6_AND_TCP;
  }

  /** Bytes that the tunnel adds. */
  static int overhead(Cluster.Use use) {
    int outer = use.realAddress() instanceof Inet4Address ? 20 : 40;
    Encapsulation kind = use.encapsulation().orElse(Encapsulation.ipip());
    return switch (kind.type()) {
      // UDP, GUE, and the private field of remote checksum offload.
      case Encapsulation.TYPE_GUE ->
          outer + 8 + 4 + (kind.flags() == Encapsulation.FLAG_REMOTE_CHECKSUM ? 8 : 0);
      case Encapsulation.TYPE_GRE ->
          outer + 4 + (kind.flags() == Encapsulation.FLAG_CHECKSUM ? 4 : 0);
      default -> outer;
    };
  }

  private static Fact<Integer> mtu(Member director, Cluster.Use use) {
    Fact<RouteFacts> route = director.facts().routeTo(use.realAddress());
    if (route.known().isEmpty()) {
      return Fact.unknown(route.reason());
    }
    if (route.get().mtu().isPresent()) {
      return Fact.of(route.get().mtu().getAsInt());
    }
    Fact<List<LinkFacts>> links = director.facts().links();
    if (links.known().isEmpty()) {
      return Fact.unknown(links.reason());
    }
    return links.get().stream()
        .filter(link -> link.name().equals(route.get().device()))
        .map(LinkFacts::mtu)
        .filter(mtu -> mtu > 0)
        .findFirst()
        .map(Fact::of)
        .orElseGet(
            () -> Fact.unknown("there is no route to " + IpAddress.format(use.realAddress())));
  }

  /** Whether the real server is known to announce an MSS that fits. */
  private static boolean clamps(Cluster cluster, Cluster.Use use, int segment) {
    Optional<Member> server = cluster.server(use.realAddress());
    if (server.isEmpty() || server.get().facts().failure().isPresent()) {
      return false;
    }
    boolean byRoute =
        server.get().facts().routes().known().orElse(List.of()).stream()
            .filter(route -> route.destination().equals("default"))
            .filter(
                route ->
                    route
                        .gateway()
                        .map(gateway -> AddressFamily.of(gateway) == use.service().key().family())
                        .orElse(true))
            .map(RouteFacts::advertisedMss)
            .flatMapToInt(OptionalInt::stream)
            .anyMatch(mss -> mss <= segment);
    return byRoute
        || server.get().facts().firewall().known().map(TunnelPath::clampsMss).orElse(false);
  }

  private static boolean clampsMss(Firewall firewall) {
    return firewall.chains().stream()
        .flatMap(chain -> chain.rules().stream())
        .anyMatch(
            rule -> rule.text().contains("TCPMSS") || rule.text().contains("maxseg size set"));
  }
}
