// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.firewall;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.FilterRemedy;
import io.lvstun.diagnostics.check.relation.Segments;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.check.relation.TestPackets;
import io.lvstun.diagnostics.check.relation.TunnelPath;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Outcome;
import io.lvstun.diagnostics.facts.firewall.Firewall.Verdict;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Subject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * FW: packet filters of directors.
 *
 * @since 0.1.0
 */
public final class DirectorFirewallChecks {

  private static final int ICMP_PROTOCOL = 1;
  private static final int UNREACHABLE = 3;
  private static final int UDP = 17;
  private static final int SYN = 2;
  private static final int ACK = 16;
  private static final int VRRP = 112;
  private static final InetAddress VRRP_GROUP = IpAddress.parse("224.0.0.18");

  private DirectorFirewallChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.FILTER_OUTPUT, "output-tunnel")
            .title("The director's firewall lets tunnel packets out")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Real servers see nothing; clients wait until they time out")
            .why(
                "The packets that IPVS makes leave by the filter's OUTPUT, as protocol"
                    + " 4 (GUE: UDP).")
            .remedy("Accept them there: protocol 4 to the real servers' addresses.")
            .source("Linux net/netfilter/ipvs/ip_vs_xmit.c; measured")
            .examine(DirectorFirewallChecks::output),
        Check.of(Codes.FILTER_STATEFUL, "input-stateless")
            .title("The director's firewall accepts all packets of a connection")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("The first packet of a connection passes, all later ones are dropped")
            .why(
                "The director sees one direction only; answers go past it. So connection tracking"
                    + " never sees a connection established: what follows the SYN is new to it"
                    + " again, or invalid where net.netfilter.nf_conntrack_tcp_loose is 0."
                    + " IPVS gets packets after the filter has spoken. net.ipv4.vs.conntrack=1"
                    + " does not help with tunnels.")
            .remedy(
                "Accept the virtual address and port without asking for a state, before all rules"
                    + " that do; or do not track it (NOTRACK).")
            .source("Linux net/netfilter/ipvs/ip_vs_core.c, the hooks' priorities; measured")
            .examine(DirectorFirewallChecks::stateful),
        Check.of(Codes.FILTER_ICMP, "icmp-unreachable-passes")
            .title("The director's firewall passes \"fragmentation needed\"")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Small requests work; uploads of more than 1440 bytes hang")
            .why(
                "A packet that does not fit into the tunnel is answered with ICMP"
                    + " \"destination unreachable, fragmentation needed\". A client that never gets"
                    + " it sends the same packet again and again.")
            .remedy(
                "Let ICMP type 3 out, and in from the tunnels' paths. Announce a"
                    + " smaller MSS in any case (MTU-002): filters on the way are not yours.")
            .source("RFC 1191; Linux net/netfilter/ipvs/ip_vs_core.c, ip_vs_in_icmp; measured")
            .examine(DirectorFirewallChecks::icmp),
        Check.of(Codes.FILTER_PEERS, "input-sync-and-vrrp")
            .title("The directors' firewalls pass each other's messages")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("The backup has no connections; both directors think that they are master")
            .why(
                "Connections are told to the backup by UDP to 224.0.0.81, port 8848, unless set"
                    + " otherwise; VRRP is protocol 112 to 224.0.0.18.")
            .remedy("Accept both from the other director.")
            .source("Linux net/netfilter/ipvs/ip_vs_sync.c; RFC 5798; keepalived.conf(5)")
            .examine(DirectorFirewallChecks::peers));
  }

  private static Finding output(Subject subject) {
    List<Cluster.Use> tunnels = tunnels(subject);
    if (tunnels.isEmpty()) {
      return subject.skip("it sends through no tunnel");
    }
    Firewall firewall = subject.facts().firewall().get();
    if (firewall.empty()) {
      return subject.pass("no packet filter").finding();
    }
    @Nullable Finding doubtful = null;
    for (Cluster.Use use : tunnels) {
      Optional<RouteFacts> route = subject.facts().routeTo(use.realAddress()).known();
      Packet essential = TestPackets.outerPacket(use);
      Packet packet = essential;
      if (route.isPresent() && !route.get().device().isEmpty()) {
        packet = packet.leavingBy(route.get().device());
      }
      if (route.isPresent() && route.get().source().isPresent()) {
        packet = packet.from(route.get().source().get());
      }
      String what = TestPackets.described(packet) + " to " + IpAddress.format(use.realAddress());
      for (Hook hook : List.of(Hook.OUTPUT, Hook.POSTROUTING, Hook.EGRESS)) {
        Verdict verdict = firewall.walk(hook, packet);
        if (verdict.outcome() == Outcome.DROP) {
          return subject
              .fail(what + " is dropped on its way out")
              .expected(what + " accepted in " + hook)
              .evidence("packet filter", verdict.reason())
              .remedy(
                  FilterRemedy.accept(
                      "Accept the tunnel's packets on their way out.",
                      Codes.FILTER_OUTPUT,
                      firewall,
                      verdict.ruling(),
                      hook,
                      // All real servers at once, as they are reached the same way.
                      anywhere(essential)))
              .finding();
        }
        if (verdict.outcome() == Outcome.UNCERTAIN && doubtful == null) {
          doubtful =
              subject
                  .warn(what + " may be dropped on its way out: a rule cannot be judged")
                  .expected(what + " accepted in " + hook)
                  .evidence("packet filter", verdict.reason())
                  .remedy(Remedy.manual("Look at the rule; accept the tunnel's packets before it."))
                  .finding();
        }
      }
    }
    return doubtful != null ? doubtful : subject.pass("the tunnels are let out").finding();
  }

  private static Packet anywhere(Packet packet) {
    Packet rule = packet.ipv6() ? Packet.ipv6(packet.protocol()) : Packet.ipv4(packet.protocol());
    return packet.destinationPort().isPresent()
        ? rule.toPort(packet.destinationPort().getAsInt())
        : rule;
  }

  private static List<Cluster.Use> tunnels(Subject subject) {
    return subject.cluster().usesBy(subject.member()).stream()
        .filter(use -> use.encapsulation().isPresent())
        .toList();
  }

  private static Finding stateful(Subject subject) {
    Set<ServiceKey.Endpoint> endpoints = new LinkedHashSet<>();
    for (Cluster.Use use : tunnels(subject)) {
      if (use.service().key() instanceof ServiceKey.Endpoint endpoint && endpoint.port() != 0) {
        endpoints.add(endpoint);
      }
    }
    if (endpoints.isEmpty()) {
      return subject.skip("it has no service with a port that goes through a tunnel");
    }
    Firewall firewall = subject.facts().firewall().get();
    if (firewall.empty()) {
      return subject.pass("no packet filter").finding();
    }
    Set<String> passed = new LinkedHashSet<>();
    @Nullable Finding doubtful = null;
    for (ServiceKey.Endpoint endpoint : endpoints) {
      Packet packet = TestPackets.packetFor(endpoint);
      Optional<String> device = ingress(subject, endpoint.address());
      Packet arriving = device.isPresent() ? packet.arrivingOn(device.get()) : packet;
      boolean untracked =
          firewall
              .matching(
                  Hook.PREROUTING,
                  arriving,
                  rule -> rule.text().toLowerCase(Locale.ROOT).contains("notrack"))
              .isPresent();
      for (Stage stage : stages(subject, endpoint, untracked)) {
        String state = stage.state();
        Packet shown =
            stage.flags().isPresent()
                ? arriving.inState(state).flagged(stage.flags().getAsInt())
                : arriving.inState(state);
        for (Step step : steps(subject, shown)) {
          Hook hook = step.hook();
          Verdict verdict = firewall.walk(hook, step.packet());
          String what =
              endpoint
                  + TestPackets.from(step.packet())
                  + ", to connection tracking "
                  + state
                  + ",";
          if (verdict.outcome() == Outcome.DROP) {
            return subject
                .fail(
                    stage.later()
                        ? endpoint + ": all but the first packet of a connection is dropped"
                        : what + " is dropped")
                .expected(endpoint + " accepted whatever connection tracking says of it")
                .evidence("packet filter", verdict.reason())
                .remedy(
                    FilterRemedy.accept(
                        "Accept the service's packets without asking for a state, first of all.",
                        Codes.FILTER_STATEFUL,
                        firewall,
                        verdict.ruling(),
                        hook,
                        packet))
                .finding();
          }
          if (verdict.outcome() == Outcome.UNCERTAIN && doubtful == null) {
            doubtful =
                subject
                    .warn(what + " may be dropped: a rule cannot be judged")
                    .expected(endpoint + " accepted whatever connection tracking says of it")
                    .evidence("packet filter", verdict.reason())
                    .remedy(Remedy.manual("Look at the rule; accept the service before it."))
                    .finding();
          }
          if (!verdict.reason().isEmpty()) {
            passed.add(verdict.reason());
          }
        }
      }
    }
    if (doubtful != null) {
      return doubtful;
    }
    boolean picked =
        endpoints.stream()
            .filter(endpoint -> endpoint.protocol().equals(Protocol.TCP))
            .map(TestPackets::packetFor)
            .anyMatch(
                packet ->
                    firewall.walk(Hook.INPUT, packet.flagged(ACK).inState("invalid")).outcome()
                        == Outcome.DROP);
    String observed = "packets for " + SkipReasons.words(endpoints) + " are let in";
    return (picked
            ? subject.note(observed + ", as long as net.netfilter.nf_conntrack_tcp_loose is 1")
            : subject.pass(observed))
        .evidence("packet filter", String.join("\n", passed))
        .finding();
  }

  /**
   * What the packets of a connection are to connection tracking. IPVS takes the first one before it
   * is confirmed, and no answer comes this way: so each later packet of TCP is new as well, unless
   * the kernel is told not to pick up connections in the middle; then it is invalid.
   */
  private static List<Stage> stages(
      Subject subject, ServiceKey.Endpoint endpoint, boolean untracked) {
    if (!endpoint.protocol().equals(Protocol.TCP)) {
      return List.of(new Stage(untracked ? "untracked" : "new", false, OptionalInt.empty()));
    }
    OptionalInt loose =
        subject.facts().sysctls().known().isPresent()
            ? subject.facts().sysctls().get().number("net/netfilter/nf_conntrack_tcp_loose")
            : OptionalInt.empty();
    String later = untracked ? "untracked" : loose.orElse(0) == 0 ? "invalid" : "new";
    return List.of(
        new Stage(untracked ? "untracked" : "new", false, OptionalInt.of(SYN)),
        new Stage(later, true, OptionalInt.of(ACK)));
  }

  /**
   * A packet of a connection.
   *
   * @param state what it is to connection tracking
   * @param later whether it is not the first
   * @param flags its flags, if it is TCP
   */
  private record Stage(String state, boolean later, OptionalInt flags) {}

  private record Step(Hook hook, Packet packet) {}

  /** A client's packet at each hook on its way to IPVS; of each client that is known. */
  private static List<Step> steps(Subject subject, Packet packet) {
    List<Packet> packets = new ArrayList<>();
    for (InetAddress client : TestPackets.clients(subject.cluster(), packet)) {
      packets.add(packet.from(client));
    }
    if (packets.isEmpty()) {
      packets.add(packet);
    }
    List<Step> steps = new ArrayList<>();
    for (Packet one : packets) {
      for (Hook hook : List.of(Hook.INGRESS, Hook.PREROUTING, Hook.INPUT)) {
        steps.add(new Step(hook, one));
      }
    }
    return steps;
  }

  /** The card by which clients' packets come: that of the address, or of the default route. */
  private static Optional<String> ingress(Subject subject, InetAddress virtual) {
    List<LinkFacts> links = subject.facts().links().known().orElse(List.of());
    return subject.facts().addresses().known().orElse(List.of()).stream()
        .filter(address -> address.address().equals(virtual))
        .map(Address::device)
        .filter(
            device ->
                links.stream()
                    .anyMatch(
                        link ->
                            link.name().equals(device)
                                && link.arp()
                                && !link.kind().equals("dummy")))
        .findFirst()
        .or(() -> Segments.egress(subject.member()));
  }

  private static Finding icmp(Subject subject) {
    if (tunnels(subject).isEmpty()) {
      return subject.skip("it sends through no tunnel");
    }
    Firewall firewall = subject.facts().firewall().get();
    if (firewall.empty()) {
      return subject.pass("no packet filter").finding();
    }
    Packet packet = Packet.ipv4(ICMP_PROTOCOL).icmp(UNREACHABLE).inState("related");
    for (Hook hook : List.of(Hook.OUTPUT, Hook.POSTROUTING, Hook.PREROUTING, Hook.INPUT)) {
      Verdict verdict = firewall.walk(hook, packet);
      if (verdict.outcome() != Outcome.DROP) {
        continue;
      }
      boolean needed =
          TunnelPath.of(subject.cluster(), subject.member()).stream().anyMatch(TunnelPath::small);
      String observed = "ICMP \"fragmentation needed\" is dropped in " + hook;
      return (needed
              ? subject.fail(observed + ", and packets of clients do not fit into the tunnels")
              : subject.warn(observed + "; TCP does without it, as its packets fit"))
          .expected("ICMP type 3 accepted")
          .evidence("packet filter", verdict.reason())
          .remedy(
              FilterRemedy.accept(
                  "Let ICMP type 3 pass.",
                  Codes.FILTER_ICMP,
                  firewall,
                  verdict.ruling(),
                  hook,
                  Packet.ipv4(ICMP_PROTOCOL).icmp(UNREACHABLE)))
          .finding();
    }
    return subject.pass("ICMP type 3 passes").finding();
  }

  private record Expected(String what, Hook hook, Packet packet) {}

  private static Finding peers(Subject subject) {
    List<Expected> expected = new ArrayList<>();
    Optional<IpvsTable> table = subject.facts().ipvs().known().filter(IpvsTable::present);
    for (SyncDaemon daemon : table.flatMap(one -> one.syncDaemons().known()).orElse(List.of())) {
      InetAddress group = daemon.group();
      Packet packet =
          (group instanceof java.net.Inet4Address ? Packet.ipv4(UDP) : Packet.ipv6(UDP))
              .to(group)
              .toPort(daemon.port());
      boolean master = daemon.role() == SyncDaemon.Role.MASTER;
      expected.add(
          new Expected(
              "what the sync daemon " + (master ? "sends" : "hears"),
              master ? Hook.OUTPUT : Hook.INPUT,
              master
                  ? packet.leavingBy(daemon.interfaceName())
                  : packet.arrivingOn(daemon.interfaceName())));
    }
    boolean vrrp =
        subject.facts().processes().known().orElse(Set.of()).contains("keepalived")
            && subject.facts().configuration().known().stream()
                .flatMap(files -> files.entrySet().stream())
                .anyMatch(
                    file ->
                        file.getKey().startsWith("/etc/keepalived/")
                            && file.getValue().contains("vrrp_instance"));
    if (vrrp) {
      Packet packet = Packet.ipv4(VRRP).to(VRRP_GROUP);
      expected.add(new Expected("VRRP", Hook.INPUT, packet));
      expected.add(new Expected("VRRP", Hook.OUTPUT, packet));
    }
    if (expected.isEmpty()) {
      return subject.skip("no sync daemon and no VRRP runs here");
    }
    Firewall firewall = subject.facts().firewall().get();
    for (Expected one : expected) {
      Packet packet = one.packet().inState("new");
      Verdict verdict = firewall.walk(one.hook(), packet);
      if (verdict.outcome() == Outcome.DROP) {
        return subject
            .fail(one.what() + " is dropped in " + one.hook())
            .expected(one.what() + " accepted in " + one.hook())
            .evidence("packet filter", verdict.reason())
            .remedy(
                FilterRemedy.accept(
                    "Accept " + one.what() + ".",
                    Codes.FILTER_PEERS,
                    firewall,
                    verdict.ruling(),
                    one.hook(),
                    one.packet()))
            .finding();
      }
    }
    return subject.pass("the directors' messages are let through").finding();
  }
}
