// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.tunnel;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.facts.link.FouPort;
import io.lvstun.diagnostics.facts.machine.SocketEntry;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.OpenGuePort;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * TUN: whether the service behind the tunnel, and the port that the tunnel ends at, are there.
 *
 * @since 0.1.0
 */
public final class TunnelServiceChecks {

  private TunnelServiceChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.SERVICE_LISTENS, "service-listens-on-vip")
            .title("The service listens on the virtual address")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_VIP)
            .symptom("Clients get \"connection refused\", by a reset that comes from the VIP")
            .why(
                "What comes out of the tunnel is addressed to the virtual address and its port. A"
                    + " program that is bound to the real server's own address, or to 127.0.0.1,"
                    + " does not get it.")
            .remedy("Bind the service to 0.0.0.0 (or ::), or to the virtual address.")
            .source("Linux net/ipv4/inet_hashtables.c")
            .examine(TunnelServiceChecks::listens),
        Check.of(Codes.SERVICE_PORT, "no-port-mapping")
            .title("No tunnel entry changes the port")
            .on(Role.CLUSTER)
            .symptom("Clients get \"connection refused\"")
            .why(
                "Through a tunnel a packet arrives as the client sent it: its port cannot be"
                    + " changed on the way. The kernel takes an entry with another port, and"
                    + " ignores the port.")
            .remedy("Let the real server listen on the service's port, and write that port.")
            .source("ipvsadm(8); Linux net/netfilter/ipvs/ip_vs_xmit.c, ip_vs_tunnel_xmit")
            .examine(TunnelServiceChecks::port),
        Check.of(Codes.FOU_PORT, "gue-port-open")
            .title("The real server receives GUE on the director's port")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("With GUE, clients get \"connection refused\", or nothing at all")
            .why(
                "GUE packets are UDP. The kernel takes them apart only on ports that it was told"
                    + " (module fou); tunl0 then gets what is inside, as with plain IP in IP.")
            .remedy("ip fou add port PORT gue")
            .source("Linux net/ipv4/fou.c; measured")
            .examine(TunnelServiceChecks::fou));
  }

  private static Finding listens(Subject subject) {
    Optional<String> skip = SkipReasons.notTunnelled(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Set<ServiceKey.Endpoint> endpoints =
        SkipReasons.endpoints(subject).stream()
            .filter(
                endpoint ->
                    endpoint.protocol().equals(Protocol.TCP)
                        || endpoint.protocol().equals(Protocol.UDP))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (endpoints.isEmpty()) {
      return subject.skip("no TCP or UDP service with a port is known");
    }
    List<SocketEntry> sockets = subject.facts().sockets().get();
    List<String> missing = new ArrayList<>();
    List<String> elsewhere = new ArrayList<>();
    for (ServiceKey.Endpoint endpoint : endpoints) {
      String protocol = endpoint.protocol().equals(Protocol.TCP) ? "tcp" : "udp";
      if (serves(sockets, endpoint, protocol)) {
        continue;
      }
      missing.add(endpoint.toString());
      sockets.stream()
          .filter(socket -> socket.protocol().equals(protocol))
          .filter(socket -> socket.state() == SocketEntry.State.LISTEN)
          .filter(socket -> socket.localPort() == endpoint.port())
          .map(socket -> protocol + " " + IpAddress.format(socket.local(), socket.localPort()))
          .forEach(elsewhere::add);
    }
    if (missing.isEmpty()) {
      return subject.pass("something listens on " + SkipReasons.words(endpoints)).finding();
    }
    boolean translated =
        subject.facts().firewall().known().stream()
            .flatMap(firewall -> firewall.chains().stream())
            .flatMap(chain -> chain.rules().stream())
            .map(rule -> rule.text())
            .anyMatch(
                text ->
                    text.contains("DNAT")
                        || text.contains("REDIRECT")
                        || text.contains("dnat")
                        || text.contains("redirect")
                        || text.contains("TPROXY")
                        || text.contains("tproxy"));
    String observed = "nothing listens on " + String.join(", ", missing);
    return (translated
            ? subject.warn(observed + ", unless address translation leads somewhere else")
            : subject.fail(observed))
        .expected("a socket bound to the virtual address, to 0.0.0.0 or to ::")
        .evidence(
            "/proc/net/tcp, /proc/net/udp",
            elsewhere.isEmpty()
                ? "no socket on that port"
                : "bound elsewhere: " + SkipReasons.words(elsewhere))
        .remedy(
            Remedy.manual(
                elsewhere.isEmpty()
                    ? "Start the service, bound to 0.0.0.0 or to the virtual address."
                    : "Bind the service to 0.0.0.0, or to the virtual address as well."))
        .finding();
  }

  private static boolean serves(
      List<SocketEntry> sockets, ServiceKey.Endpoint endpoint, String protocol) {
    return sockets.stream()
        .filter(socket -> socket.protocol().equals(protocol))
        // A socket of IPv4 serves no IPv6 address; the other way round it mostly does.
        .filter(socket -> socket.ipv6() || endpoint.address() instanceof Inet4Address)
        .anyMatch(socket -> socket.serves(endpoint.address(), endpoint.port()));
  }

  private static Finding port(Subject subject) {
    Cluster cluster = subject.cluster();
    Set<String> mapped = new TreeSet<>();
    Set<String> harmless = new TreeSet<>();
    boolean any = false;
    for (Member director : cluster.members(Role.DIRECTOR)) {
      for (Cluster.Use use : cluster.usesBy(director)) {
        if (use.encapsulation().isEmpty()
            || !(use.service().key() instanceof ServiceKey.Endpoint endpoint)) {
          continue;
        }
        any = true;
        int port = use.server().definition().port();
        if (port == endpoint.port() || endpoint.port() == 0) {
          continue;
        }
        String entry = endpoint + " -> " + IpAddress.format(use.realAddress(), port);
        boolean served =
            cluster
                .server(use.realAddress())
                .flatMap(server -> server.facts().sockets().known())
                .filter(
                    sockets ->
                        serves(
                            sockets,
                            endpoint,
                            endpoint.protocol().equals(Protocol.UDP) ? "udp" : "tcp"))
                .isPresent();
        (served ? harmless : mapped).add(entry);
      }
    }
    if (!any) {
      return subject.skip("no service with an address and a port goes through a tunnel");
    }
    if (mapped.isEmpty() && harmless.isEmpty()) {
      return subject.pass("each tunnel has its service's port").finding();
    }
    Set<String> all = new TreeSet<>(mapped);
    all.addAll(harmless);
    return (mapped.isEmpty()
            ? subject.warn("the port of a tunnel's entry has no effect")
            : subject.fail("a tunnel cannot change the port, and nothing listens on the service's"))
        .expected("the real server's port equal to the service's")
        .evidence("IPVS table", String.join("\n", all))
        .remedy(
            Remedy.manual(
                "Let the real server listen on the service's port, and enter it with that port."))
        .finding();
  }

  private static Finding fou(Subject subject) {
    Set<Integer> ports = new TreeSet<>();
    for (Cluster.Use use : subject.cluster().uses(subject.member())) {
      use.encapsulation()
          .filter(kind -> kind.type() == Encapsulation.TYPE_GUE)
          .filter(kind -> use.realAddress() instanceof Inet4Address)
          .ifPresent(kind -> ports.add(kind.port()));
    }
    if (ports.isEmpty()) {
      return subject.skip("no director sends GUE over IPv4 to it");
    }
    Fact<List<FouPort>> open = subject.facts().fouPorts();
    List<FouPort> listening = open.get();
    Set<Integer> missing = new TreeSet<>(ports);
    listening.stream()
        .filter(port -> port.gue() && !port.ipv6())
        .forEach(port -> missing.remove(port.port()));
    String evidence =
        listening.isEmpty()
            ? "no port"
            : listening.stream()
                .map(port -> "port " + port.port() + (port.gue() ? " gue" : " fou"))
                .collect(Collectors.joining("\n"));
    if (missing.isEmpty()) {
      return subject
          .pass("it takes GUE on port " + SkipReasons.words(ports))
          .evidence("ip fou show", evidence)
          .finding();
    }
    Remedy remedy =
        Remedies.module(
            "Let the kernel take GUE on the port. (To last, it needs the module at boot, and the"
                + " command again: a .netdev file of the kind fou, or a start script.)",
            "fou");
    for (int port : missing) {
      boolean taken = listening.stream().anyMatch(one -> one.port() == port && !one.ipv6());
      if (taken) {
        remedy =
            remedy.then(
                RunCommand.once(
                    List.of("ip", "fou", "del", "port", Integer.toString(port)),
                    List.of(),
                    Risk.DISRUPTIVE));
      }
      remedy = remedy.then(new OpenGuePort(false, port));
    }
    return subject
        .fail("it does not take GUE on port " + SkipReasons.words(missing))
        .expected("port " + SkipReasons.words(ports) + " gue in ip fou show")
        .evidence("ip fou show", evidence)
        .remedy(remedy)
        .finding();
  }
}
