// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.ipvs;

import io.lvstun.Change;
import io.lvstun.Command;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Plan;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Availability;
import io.lvstun.diagnostics.check.relation.IpvsTables;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.Risk;
import io.lvstun.host.SetAddress;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * IPV, first part: what the director's table says, and whether packets reach it.
 *
 * @since 0.1.0
 */
public final class IpvsTableChecks {

  private IpvsTableChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.VIP_LOCAL_ON_DIRECTOR, "vip-local-on-director")
            .title("The virtual address is local on the director")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Clients time out, the director has no connections at all")
            .why(
                "IPVS takes packets where the kernel takes those for itself. What is not addressed"
                    + " to the director is forwarded or dropped before IPVS sees it.")
            .remedy(
                "Give the director the address, or, for services by firewall mark, route the marked"
                    + " packets to a table with a local default route.")
            .source("Linux net/netfilter/ipvs/ip_vs_core.c, hook LOCAL_IN; measured")
            .examine(IpvsTableChecks::vip),
        Check.of(Codes.TABLE_DRIFT, "table-as-desired")
            .title("The kernel's table matches the intended one")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.IPVS_MODULE)
            .symptom("Clients go to servers that they should not, or not to those they should")
            .why(
                "The table lives in the kernel: whoever edits it by hand, and any program that dies"
                    + " half-way, leaves it other than it was meant.")
            .remedy("Apply the desired services again.")
            .examine(IpvsTableChecks::drift),
        Check.of(Codes.FORWARDING_METHOD, "forwarding-by-tunnel")
            .title("Real servers are reached through tunnels")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.TABLE_DRIFT)
            .symptom("One real server does not answer, the others do")
            .why(
                "ipvsadm forwards by direct routing unless told otherwise, and an edit that leaves"
                    + " the method out sets it back to that. A server behind a router then never"
                    + " gets its packets.")
            .remedy("Edit the entry of the server: forwarding by tunnel.")
            .source("ipvsadm(8): -g is the default, also for -e")
            .examine(IpvsTableChecks::forwarding),
        Check.of(Codes.SOME_WEIGHT_ABOVE_ZERO, "some-weight-above-zero")
            .title("Every service has a server with positive weight")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.TABLE_DRIFT, Codes.OUTER_SOURCE)
            .symptom("Clients get \"connection refused\" at once")
            .why(
                "A server of weight 0 gets no new connections. With no other the kernel refuses"
                    + " the client, and logs \"no destination available\".")
            .remedy("Give a server a weight; never let a controller set the last one to 0.")
            .source("Linux net/netfilter/ipvs/ip_vs_core.c, ip_vs_leave; measured")
            .examine(IpvsTableChecks::weights));
  }

  // ---- IPV-001 ----

  private static Finding vip(Subject subject) {
    Member director = subject.member();
    IpvsTable table = subject.facts().ipvs().get();
    Set<InetAddress> addresses = new LinkedHashSet<>();
    List<String> seen = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    Set<InetAddress> absent = new LinkedHashSet<>();
    // What this director lacks and another has.
    List<String> elsewhere = new ArrayList<>();
    for (ServiceKey key : subject.cluster().serviceKeys()) {
      if (key instanceof ServiceKey.Endpoint endpoint) {
        addresses.add(endpoint.address());
      }
    }
    if (addresses.isEmpty() && marks(subject).isEmpty()) {
      return subject.skip("no service is stated or in the table");
    }
    for (InetAddress address : addresses) {
      Fact<Boolean> local = Availability.local(director, address);
      seen.add(IpAddress.format(address) + (local.get() ? " local" : " not local"));
      if (!local.get()) {
        absent.add(address);
        missing.add(IpAddress.format(address));
        if (!Availability.owners(subject.cluster(), address).isEmpty()) {
          elsewhere.add(IpAddress.format(address));
        }
      }
    }
    for (ServiceKey.Mark mark : marks(subject)) {
      for (InetAddress address : subject.cluster().topology().addresses()) {
        if (addresses.contains(address)
            || (address.getAddress().length == 4)
                != (mark.family() == io.lvstun.AddressFamily.IPV4)) {
          continue;
        }
        RouteFacts route = director.facts().routeTo(address, mark.mark()).get();
        seen.add(IpAddress.format(address) + " mark " + mark.mark() + ": " + route);
        if (!route.local()) {
          missing.add(IpAddress.format(address) + " with mark " + mark.mark());
          if (Availability.answering(subject.cluster()).stream()
              .anyMatch(
                  other ->
                      other
                          .facts()
                          .routeTo(address, mark.mark())
                          .known()
                          .map(RouteFacts::local)
                          .orElse(false))) {
            elsewhere.add(IpAddress.format(address) + " with mark " + mark.mark());
          }
        }
      }
    }
    if (seen.isEmpty()) {
      return subject.skip("the services go by firewall mark, and their addresses are not stated");
    }
    String evidence = String.join("\n", seen);
    if (missing.isEmpty()) {
      return subject
          .pass(addresses.isEmpty() ? "marked packets are local" : "the addresses are local")
          .evidence("ip route get", evidence)
          .finding();
    }
    boolean standby =
        Availability.of(subject.cluster()) != HighAvailability.ECMP
            && elsewhere.size() == missing.size();
    if (standby) {
      return subject
          .pass("another director has " + String.join(", ", missing) + ", this one stands by")
          .evidence("ip route get", evidence)
          .finding();
    }
    return subject
        .fail(
            String.join(", ", missing)
                + " not local"
                + (table.present() ? "" : ", and IPVS is not loaded")
                + ": IPVS never sees the packets")
        .expected("ip route get says local")
        .evidence("ip route get", evidence)
        .remedy(addressRemedy(subject, absent))
        .finding();
  }

  private static List<ServiceKey.Mark> marks(Subject subject) {
    return subject.cluster().serviceKeys().stream()
        .filter(key -> key instanceof ServiceKey.Mark)
        .map(key -> (ServiceKey.Mark) key)
        .toList();
  }

  private static Remedy addressRemedy(Subject subject, Set<InetAddress> absent) {
    if (absent.isEmpty()) {
      return Remedy.manual(
          "Route the marked packets to the host itself: ip rule add fwmark M lookup T, and ip route"
              + " add local default dev lo table T.");
    }
    if (Availability.vrrp(subject.member())) {
      return Remedy.manual(
          "keepalived should have set the address: look at its log and its VRRP state.");
    }
    // Given to all directors at once it would have several owners.
    Member owner = Availability.mainDirector(subject.cluster());
    if (Availability.of(subject.cluster()) != HighAvailability.ECMP
        && !owner.name().equals(subject.member().name())) {
      return Remedy.manual("Give the address to one director: " + owner.name() + ".");
    }
    Remedy remedy = Remedy.of("Give the director the address, with all its bits as prefix.");
    for (InetAddress address : absent) {
      String device =
          subject.facts().addresses().get().stream()
              .filter(one -> one.covers(address) && !one.address().equals(address))
              .map(Address::device)
              .findFirst()
              .orElse("lo");
      remedy = remedy.then(SetAddress.present(device, address, address.getAddress().length * 8));
    }
    return remedy;
  }

  // ---- IPV-002 ----

  private static Finding drift(Subject subject) {
    List<VirtualService> desired = subject.cluster().statement().get().desired();
    if (desired.isEmpty()) {
      return subject.skip("the desired services are not stated");
    }
    IpvsTable table = subject.facts().ipvs().get();
    // Weights that follow load are not drift.
    boolean weights = subject.cluster().statement().get().weights().isEmpty();
    List<VirtualService> present = table.services().stream().map(ServiceState::definition).toList();
    List<VirtualService> wanted = new ArrayList<>();
    for (VirtualService service : desired) {
      wanted.add(comparable(service, table, weights));
    }
    List<Change> changes = Plan.between(present, wanted).changes();
    if (changes.isEmpty()) {
      return subject
          .pass(desired.size() + " services are as desired")
          .evidence("IPVS table (" + table.source() + ")", lines(desired))
          .finding();
    }
    Remedy remedy = Remedy.of("Make the table what is desired, or let what controls it reconcile.");
    for (Change change : changes) {
      boolean removes = change.command() instanceof Command.RemoveServer;
      remedy =
          remedy.then(
              IpvsTables.action(
                  change.command(), change.undo(), removes ? Risk.DISRUPTIVE : Risk.SAFE));
    }
    return subject
        .fail(changes.size() + " differences from what is desired")
        .expected("the services as desired")
        .evidence(
            "desired against " + table.source(),
            changes.stream().map(Change::toString).collect(Collectors.joining("\n")))
        .remedy(remedy)
        .finding();
  }

  /** What can be compared: not what the source of the table does not tell. */
  private static VirtualService comparable(
      VirtualService wanted, IpvsTable table, boolean compareWeights) {
    VirtualService service = wanted;
    for (RealServer server : wanted.realServers()) {
      RealServer comparable = server;
      if (!table.encapsulationKnown()) {
        // The text in /proc has neither the kind of tunnel nor thresholds.
        comparable = comparable.thresholds(0, 0);
        if (server.forwarding() instanceof Forwarding.Tunnel) {
          comparable = comparable.forwarding(Forwarding.TUNNEL);
        }
      }
      if (!compareWeights) {
        int weight =
            table.service(wanted.key()).stream()
                .flatMap(state -> state.servers().stream())
                .filter(state -> state.key().equals(server.key()))
                .map(state -> state.definition().weight())
                .findFirst()
                .orElse(server.weight());
        comparable = comparable.weight(weight);
      }
      RealServer value = comparable;
      service = service.realServer(server.key(), unused -> value);
    }
    return service;
  }

  private static String lines(List<VirtualService> services) {
    return services.stream().map(VirtualService::toString).collect(Collectors.joining("\n"));
  }

  // ---- IPV-003 ----

  private static Finding forwarding(Subject subject) {
    IpvsTable table = subject.facts().ipvs().get();
    if (!table.present()) {
      return subject.skip(IpvsTables.NO_IPVS);
    }
    List<ServerState> servers =
        subject.cluster().services(subject.member()).stream()
            .flatMap(service -> service.servers().stream())
            .toList();
    if (servers.isEmpty()) {
      return subject.skip("the table has no real server behind a service of LVS-TUN");
    }
    if (servers.stream()
        .noneMatch(server -> server.definition().forwarding() instanceof Forwarding.Tunnel)) {
      return subject.skip("no real server is reached through a tunnel: this is no LVS-TUN");
    }
    List<VirtualService> desired = subject.cluster().statement().get().desired();
    List<String> wrong = new ArrayList<>();
    Remedy remedy = Remedy.of("Forward to these servers through the tunnel.");
    for (ServiceState service : subject.cluster().services(subject.member())) {
      for (ServerState server : service.servers()) {
        RealServer definition = server.definition();
        if (definition.forwarding() instanceof Forwarding.Tunnel
            || Availability.local(subject.member(), definition.address()).known().orElse(false)
            || wanted(desired, service.key(), definition)) {
          continue;
        }
        wrong.add(service.key() + " -> " + definition);
        remedy =
            remedy.then(
                IpvsTables.action(
                    new Command.EditServer(service.key(), definition.forwarding(Forwarding.TUNNEL)),
                    List.of(new Command.EditServer(service.key(), definition)),
                    Risk.SAFE));
      }
    }
    if (wrong.isEmpty()) {
      return subject.pass("all servers are reached through tunnels").finding();
    }
    return subject
        .fail(wrong.size() + " of " + servers.size() + " servers are not reached through a tunnel")
        .expected("Tunnel for every real server")
        .evidence("IPVS table (" + table.source() + ")", String.join("\n", wrong))
        .remedy(remedy)
        .finding();
  }

  private static boolean wanted(
      List<VirtualService> desired, ServiceKey key, RealServer definition) {
    return desired.stream()
        .filter(service -> service.key().equals(key))
        .flatMap(service -> service.realServers().stream())
        .anyMatch(
            server ->
                server.key().equals(definition.key())
                    && server.forwarding().equals(definition.forwarding()));
  }

  // ---- IPV-004 ----

  private static Finding weights(Subject subject) {
    IpvsTable table = subject.facts().ipvs().get();
    if (subject.cluster().services(subject.member()).isEmpty()) {
      return subject.skip(
          table.present() ? "the table has no service of LVS-TUN" : IpvsTables.NO_IPVS);
    }
    List<String> dead = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    Remedy remedy =
        Remedy.of(
            "Give the servers their weights again, and find out what set them to 0: a health check,"
                + " a script, a maintenance that was forgotten.");
    for (ServiceState service : subject.cluster().services(subject.member())) {
      if (service.servers().isEmpty()) {
        empty.add(service.key().toString());
      } else if (service.servers().stream().allMatch(server -> server.definition().weight() == 0)) {
        dead.add(service.key().toString());
        for (ServerState server : service.servers()) {
          RealServer definition = server.definition();
          remedy =
              remedy.then(
                  IpvsTables.action(
                      new Command.EditServer(
                          service.key(), definition.weight(weight(subject, service, server))),
                      List.of(new Command.EditServer(service.key(), definition)),
                      Risk.DISRUPTIVE));
        }
      }
    }
    if (!dead.isEmpty()) {
      return subject
          .fail("all servers of " + String.join(", ", dead) + " have the weight 0")
          .expected("a server with a weight above 0")
          .evidenceLines("ipvs", ":")
          .evidenceLines("kernel-log", "no destination available")
          .remedy(remedy)
          .finding();
    }
    if (!empty.isEmpty()) {
      return subject
          .warn(String.join(", ", empty) + (empty.size() == 1 ? " has" : " have") + " no server")
          .expected("a real server in each service")
          .remedy(
              Remedy.manual("Add real servers, or remove the service: clients are refused now."))
          .finding();
    }
    return subject.pass("every service has servers that take connections").finding();
  }

  private static int weight(Subject subject, ServiceState service, ServerState server) {
    return subject.cluster().statement().get().desired().stream()
        .filter(desired -> desired.key().equals(service.key()))
        .flatMap(desired -> desired.realServers().stream())
        .filter(desired -> desired.key().equals(server.key()))
        .map(RealServer::weight)
        .filter(weight -> weight > 0)
        .findFirst()
        .orElse(1);
  }
}
