// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.diagnostics.Check;
import io.lvstun.diagnostics.Cluster;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Member;
import io.lvstun.diagnostics.Remedy;
import io.lvstun.diagnostics.Role;
import io.lvstun.diagnostics.Severity;
import io.lvstun.diagnostics.Subject;
import io.lvstun.diagnostics.host.Fact;
import io.lvstun.diagnostics.host.Firewall;
import io.lvstun.diagnostics.host.Link;
import io.lvstun.diagnostics.host.Route;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** MTU: whether a client's packets fit through the tunnel. */
final class MtuChecks {

  static final String PATH = "MTU-001";

  /** What clients on Ethernet send. */
  private static final int CLIENT_MTU = 1500;

  /** Headers of IPv4 and TCP without options. */
  private static final int IPV4_AND_TCP = 40;

  private static final int IPV6_AND_TCP = 60;

  private MtuChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(PATH, "tunnel-path-mtu")
            .title("A client's full packets fit into the tunnels")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(HostChecks.ANSWERS)
            .symptom("Small requests work, uploads stall")
            .why(
                "The tunnel's header takes 20 bytes (GUE 32, IPv6 40): over links of 1500 bytes a"
                    + " client's full packet does not fit. The director then asks the client by"
                    + " ICMP for smaller ones, which firewalls on the way often drop.")
            .remedy(
                "Best: an MTU of 1520 or more between director and real servers. Otherwise let real"
                    + " servers announce a smaller MSS: advmss on the default route, or TCPMSS.")
            .source("Linux net/netfilter/ipvs/ip_vs_xmit.c, __ip_vs_get_out_rt; measured")
            .examine(MtuChecks::path));
  }

  private static Finding path(Subject subject) {
    Member director = subject.member();
    Set<String> seen = new LinkedHashSet<>();
    List<String> small = new ArrayList<>();
    List<String> clamped = new ArrayList<>();
    List<Cluster.Use> uses = subject.cluster().usesBy(director);
    if (uses.isEmpty()) {
      // Either there is no table, or it is not known, and then get() says why.
      return subject.skip(
          subject.facts().ipvs().get().present()
              ? "the table has no real server"
              : "IPVS is not loaded");
    }
    List<Cluster.Use> tunnels =
        uses.stream().filter(use -> use.encapsulation().isPresent()).toList();
    if (tunnels.isEmpty()) {
      return subject.skip("no real server is reached through a tunnel");
    }
    Optional<String> unknown = Optional.empty();
    for (Cluster.Use use : tunnels) {
      String name = IpAddress.format(use.realAddress());
      Fact<Integer> mtu = mtu(director, use);
      if (mtu.known().isEmpty()) {
        unknown = Optional.of(mtu.reason());
        continue;
      }
      int inner = mtu.get() - overhead(use);
      if (!seen.add(name + " path " + mtu.get() + ", for clients " + inner)
          || inner >= CLIENT_MTU) {
        continue;
      }
      if (clamps(subject.cluster(), use, inner)) {
        clamped.add(name);
      } else {
        small.add(name);
      }
    }
    String evidence = String.join("\n", seen);
    if (!small.isEmpty()) {
      return subject
          .warn(
              "packets of "
                  + CLIENT_MTU
                  + " bytes do not fit into the tunnel to "
                  + String.join(", ", small))
          .expected(
              "an MTU of "
                  + CLIENT_MTU
                  + " inside the tunnel, or real servers that announce a smaller MSS")
          .evidence("ip route get, ip link", evidence)
          .remedy(
              Remedy.manual(
                  "Raise the MTU between director and real servers to 1520 (GUE: 1532), or set"
                      + " advmss on the real servers' default route: see MTU-002."))
          .finding();
    }
    if (unknown.isPresent()) {
      return subject.error(unknown.get());
    }
    return subject
        .pass(
            clamped.isEmpty()
                ? "full packets fit"
                : "full packets do not fit, but the real servers announce a smaller MSS")
        .evidence("ip route get, ip link", evidence)
        .finding();
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
    Fact<Route> route = director.facts().routeTo(use.realAddress());
    if (route.known().isEmpty()) {
      return Fact.unknown(route.reason());
    }
    if (route.get().mtu().isPresent()) {
      return Fact.of(route.get().mtu().getAsInt());
    }
    Fact<List<Link>> links = director.facts().links();
    if (links.known().isEmpty()) {
      return Fact.unknown(links.reason());
    }
    return links.get().stream()
        .filter(link -> link.name().equals(route.get().device()))
        .map(Link::mtu)
        .filter(mtu -> mtu > 0)
        .findFirst()
        .map(Fact::of)
        .orElseGet(
            () -> Fact.unknown("there is no route to " + IpAddress.format(use.realAddress())));
  }

  /** Whether the real server is known to announce an MSS that fits. */
  private static boolean clamps(Cluster cluster, Cluster.Use use, int inner) {
    Optional<Member> server = cluster.server(use.realAddress());
    if (server.isEmpty() || server.get().facts().failure().isPresent()) {
      return false;
    }
    int headers =
        use.service().key().family() == io.lvstun.AddressFamily.IPV4 ? IPV4_AND_TCP : IPV6_AND_TCP;
    boolean byRoute =
        server.get().facts().routes().known().orElse(List.of()).stream()
            .filter(route -> route.destination().equals("default"))
            .map(Route::advertisedMss)
            .flatMapToInt(OptionalInt::stream)
            .anyMatch(mss -> mss <= inner - headers);
    return byRoute
        || server.get().facts().firewall().known().map(MtuChecks::clampsMss).orElse(false);
  }

  private static boolean clampsMss(Firewall firewall) {
    return firewall.chains().stream()
        .flatMap(chain -> chain.rules().stream())
        .anyMatch(
            rule -> rule.text().contains("TCPMSS") || rule.text().contains("maxseg size set"));
  }
}
