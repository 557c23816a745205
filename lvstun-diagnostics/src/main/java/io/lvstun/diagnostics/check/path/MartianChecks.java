// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.IpvsTables;
import io.lvstun.diagnostics.check.relation.Segments;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.machine.SocketEntry;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * RPF: packets that seem to come from the host they arrive at, and answers that never arrive.
 *
 * @since 0.1.0
 */
public final class MartianChecks {

  /** Half-open connections whose answer was sent again so often are not merely slow. */
  private static final int PATIENCE = 2;

  /** So many of them are no coincidence. */
  private static final int MANY = 3;

  private MartianChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.OUTER_SOURCE, "outer-source")
            .title("The director does not use the VIP as tunnel source")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Clients wait until they time out; no counter of snmp or netstat moves")
            .why(
                "IPVS gives tunnels the source address that the route to the real server prefers."
                    + " If that is the virtual address, the real server sees a packet that claims"
                    + " to come from itself, and drops it as a martian: only in_martian_src in"
                    + " /proc/net/stat/rt_cache tells. (ip6tnl0 drops it without counting.) Health"
                    + " checks of the director get no answer either, and take servers out of the"
                    + " table.")
            .remedy(
                "Add the virtual address with all its bits as prefix, after the director's own"
                    + " (IPv6: with preferred_lft 0); or state the source on the route.")
            .source("Linux net/ipv4/route.c, ip_route_input_slow; measured")
            .examine(MartianChecks::outerSource),
        Check.of("RPF-006", "probe-from-director")
            .title("Probes are not sent from the director")
            .severity(Severity.INFO)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("A request from the director to the virtual address always fails")
            .why(
                "Unbound, its source is the virtual address, and the real server drops it. Bound to"
                    + " the director's own address, the answer comes from an address that the"
                    + " director has itself, and the director drops it, unless accept_local is 1 on"
                    + " that card.")
            .remedy(
                "Probe from a host that is neither director nor real server. Or bind the director's"
                    + " own address and set accept_local to 1.")
            .source("Linux ip-sysctl.rst, accept_local; measured")
            .examine(MartianChecks::fromDirector),
        Check.of("RPF-007", "probe-from-real-server")
            .title("Probes are not sent from a real server")
            .severity(Severity.INFO)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("A request from a real server to the virtual address always works")
            .why(
                "The virtual address is local there: the request never leaves the host, and says"
                    + " nothing of the director or the tunnel.")
            .remedy("Probe from a host that is neither director nor real server.")
            .source("measured")
            .examine(MartianChecks::fromServer),
        Check.of(Codes.ANSWERS_ARRIVE, "answers-arrive")
            .title("The real server's answers reach clients")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_VIP)
            .symptomOf(Codes.FILTER_STATEFUL, Codes.FILTER_OUTPUT)
            .symptom("The real server answers, and clients time out")
            .why(
                "The real server answers with the virtual address as source. Networks that filter"
                    + " sources (uRPF, BCP 38, clouds) drop what comes from an address that they do"
                    + " not expect there. So do clients' last ACKs stay away if the director drops"
                    + " them.")
            .remedy(
                "Permit the virtual address as a source on the real servers' ports of the switch,"
                    + " router or cloud.")
            .source("RFC 2827, RFC 3704")
            .examine(MartianChecks::answers));
  }

  private static Finding outerSource(Subject subject) {
    Cluster cluster = subject.cluster();
    Set<InetAddress> virtual = cluster.virtualAddresses();
    List<Cluster.Use> uses = cluster.usesBy(subject.member());
    Map<InetAddress, RouteFacts> wrong = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    Optional<String> unknown = Optional.empty();
    boolean any = false;
    for (Cluster.Use use : uses) {
      if (use.encapsulation().isEmpty()) {
        continue;
      }
      any = true;
      Fact<RouteFacts> route = subject.facts().routeTo(use.realAddress());
      if (route.known().isEmpty()) {
        unknown = Optional.of(route.reason());
        continue;
      }
      if (route.get().local()) {
        // The director is a real server itself: nothing is tunnelled.
        continue;
      }
      seen.add(route.get().toString());
      if (route.get().source().filter(virtual::contains).isPresent()) {
        wrong.put(use.realAddress(), route.get());
      }
    }
    if (any || uses.isEmpty()) {
      // A health check speaks from the same source, gets no answer, and takes servers out of the
      // table: those that were stated are looked at all the same.
      for (Map<InetAddress, RouteFacts> routes : routesOfRemoved(subject, uses)) {
        any = true;
        routes.values().forEach(route -> seen.add(route.toString()));
        if (routes.values().stream()
            .allMatch(route -> route.source().filter(virtual::contains).isPresent())) {
          wrong.putAll(routes);
        }
      }
    }
    if (!any) {
      return subject.skip(
          subject.facts().ipvs().get().present()
              ? "it sends through no tunnel"
              : IpvsTables.NO_IPVS);
    }
    String evidence = String.join("\n", seen);
    if (wrong.isEmpty()) {
      return unknown.isPresent()
          ? subject.error(unknown.get())
          : subject
              .pass("tunnels have an address of the director as source")
              .evidence("ip route get", evidence)
              .finding();
    }
    Remedy remedy = Remedy.of("State the director's own address as source of the route.");
    for (Map.Entry<InetAddress, RouteFacts> entry : wrong.entrySet()) {
      Optional<HostChange> action = route(subject, virtual, entry.getKey(), entry.getValue());
      if (action.isPresent()) {
        remedy = remedy.then(action.get());
      }
    }
    Subject.Draft draft =
        subject
            .fail(
                "tunnels to "
                    + SkipReasons.words(wrong.keySet().stream().map(IpAddress::format).toList())
                    + " have the virtual address as source")
            .expected("a source that real servers do not have themselves")
            .evidence("ip route get", evidence)
            .remedy(remedy);
    for (Member server : cluster.members(Role.REAL_SERVER)) {
      SkipReasons.growth(server, "rt_cache.in_martian_src")
          .ifPresent(text -> draft.evidence(server.name() + " /proc/net/stat/rt_cache", text));
    }
    return draft.finding();
  }

  /**
   * The routes to real servers that are stated, and that a director's table lacks: those of one
   * server and one family together, as it is not known which of its addresses was in the table.
   */
  private static List<Map<InetAddress, RouteFacts>> routesOfRemoved(
      Subject subject, List<Cluster.Use> uses) {
    List<Map<InetAddress, RouteFacts>> removed = new ArrayList<>();
    if (!subject.facts().ipvs().known().map(IpvsTable::present).orElse(false)) {
      return removed;
    }
    for (Member server : subject.cluster().members(Role.REAL_SERVER)) {
      Set<InetAddress> addresses = subject.cluster().realAddresses(server);
      if (uses.stream().anyMatch(use -> addresses.contains(use.realAddress()))
          || subject.cluster().strangersOnly(server)) {
        continue;
      }
      Map<InetAddress, RouteFacts> ipv4 = new LinkedHashMap<>();
      Map<InetAddress, RouteFacts> ipv6 = new LinkedHashMap<>();
      for (InetAddress address : addresses) {
        subject
            .facts()
            .routeTo(address)
            .known()
            .filter(route -> !route.local())
            .ifPresent(
                route -> (address instanceof Inet4Address ? ipv4 : ipv6).put(address, route));
      }
      List.of(ipv4, ipv6).stream().filter(routes -> !routes.isEmpty()).forEach(removed::add);
    }
    return removed;
  }

  /** A route for one real server, with a source that is not virtual. */
  private static Optional<HostChange> route(
      Subject subject, Set<InetAddress> virtual, InetAddress server, RouteFacts route) {
    List<Address> addresses = subject.facts().addresses().known().orElse(List.of());
    Optional<InetAddress> source =
        addresses.stream()
            .filter(address -> address.device().equals(route.device()))
            .map(Address::address)
            .filter(address -> address instanceof Inet4Address == server instanceof Inet4Address)
            .filter(address -> !virtual.contains(address) && !address.isLinkLocalAddress())
            .findFirst();
    if (source.isEmpty()) {
      return Optional.empty();
    }
    boolean ipv4 = server instanceof Inet4Address;
    String destination = IpAddress.format(server) + (ipv4 ? "/32" : "/128");
    String family = ipv4 ? "-4" : "-6";
    List<String> command = new ArrayList<>(List.of("ip", family, "route", "replace", destination));
    route.gateway().ifPresent(via -> command.addAll(List.of("via", IpAddress.format(via))));
    command.addAll(List.of("dev", route.device(), "src", IpAddress.format(source.get())));
    return Optional.of(
        new RunCommand(
            command, List.of("ip", family, "route", "delete", destination), Risk.ADDRESS));
  }

  private static boolean vantage(Subject subject) {
    return !subject.cluster().members(Role.VANTAGE).isEmpty();
  }

  private static Finding fromDirector(Subject subject) {
    if (vantage(subject)) {
      return subject.pass("there is another host to probe from").finding();
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    Optional<String> card = Segments.egress(subject.member());
    String evidence =
        card.map(
                device ->
                    device
                        + " accept_local="
                        + sysctls.value(Sysctls.conf(device, "accept_local")).orElse("?"))
            .orElse("no default route");
    return subject
        .note("no host is stated to probe from, and a probe from the director lies")
        .expected("a vantage host, which is neither director nor real server")
        .evidence("/proc/sys/net/ipv4/conf", evidence)
        .finding();
  }

  private static Finding fromServer(Subject subject) {
    if (vantage(subject)) {
      return subject.pass("there is another host to probe from").finding();
    }
    return subject
        .note("no host is stated to probe from, and a probe from a real server always works")
        .expected("a vantage host, which is neither director nor real server")
        .finding();
  }

  private static Finding answers(Subject subject) {
    Set<InetAddress> virtual = subject.cluster().virtualAddresses();
    if (virtual.isEmpty()) {
      return subject.skip("no virtual address is stated or found in a director's table");
    }
    List<SocketEntry> waiting =
        subject.facts().sockets().get().stream()
            .filter(socket -> socket.state() == SocketEntry.State.SYN_RECEIVED)
            .filter(socket -> virtual.contains(socket.local()))
            .filter(socket -> socket.retransmissions() >= PATIENCE)
            .toList();
    if (waiting.isEmpty()) {
      return subject.pass("no client leaves its answer unanswered").finding();
    }
    String evidence =
        SkipReasons.words(
            waiting.stream()
                .limit(10)
                .map(
                    socket ->
                        IpAddress.format(socket.remote(), socket.remotePort())
                            + " answered "
                            + (socket.retransmissions() + 1)
                            + " times")
                .toList());
    String observed =
        waiting.size() + " connections to the virtual address are answered again and again";
    if (waiting.size() < MANY) {
      return subject.note(observed).evidence("/proc/net/tcp, SYN_RECV", evidence).finding();
    }
    return subject
        .fail(observed + ", and no client goes on")
        .expected("clients that get the answer and go on")
        .evidence("/proc/net/tcp, SYN_RECV", evidence)
        .remedy(
            Remedy.manual(
                "Capture on the real server's card and at the client. If the answer leaves and does"
                    + " not arrive, permit the virtual address as source on the way; if the"
                    + " client's ACK does not come back, look at the director's filter."))
        .finding();
  }
}
