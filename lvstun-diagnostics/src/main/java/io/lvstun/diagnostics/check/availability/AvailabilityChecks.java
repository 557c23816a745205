// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.availability;

import io.lvstun.Change;
import io.lvstun.Command;
import io.lvstun.IpAddress;
import io.lvstun.Plan;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Availability;
import io.lvstun.diagnostics.check.relation.IpvsTables;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.ipvs.Keepalived;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.machine.Platform;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.Risk;
import io.lvstun.host.SetAddress;
import io.lvstun.state.ServiceState;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * HA: directors that stand in for one another.
 *
 * @since 0.1.0
 */
public final class AvailabilityChecks {

  static final String SYNC = "HA-002";
  static final String MULTICAST = "HA-006";

  private static final Duration JUST_BOOTED = Duration.ofMinutes(10);
  private static final long SOME_CONNECTIONS = 100;

  private AvailabilityChecks() {}

  public static List<Check> all() {
    return List.of(
        director(Codes.ONE_OWNER_OF_THE_ADDRESS, "one-owner-of-the-address", Severity.FAIL)
            .title("Exactly one director has the virtual address")
            .symptomOf(MULTICAST, Codes.FILTER_PEERS)
            .symptom("Connections break again and again; the address moves between two cards")
            .why(
                "Two hosts that answer ARP for the same address take each other's clients away."
                    + " With VRRP that happens when the directors do not hear each other.")
            .remedy("Find out why they do not hear each other; take the address from one.")
            .examine(AvailabilityChecks::owners),
        director(SYNC, "sync-daemons-match", Severity.FAIL)
            .title("The directors' sync daemons agree")
            .symptom("The standby director has no connections; a takeover resets all of them")
            .why(
                "The master sends the state of connections to a multicast group; the standby takes"
                    + " what has its own sync id, at its own port and interface. A difference is"
                    + " not reported by anything.")
            .remedy("Start a daemon with the same sync id, group and port on each director.")
            .source("measured: with another sync id the standby has no connection")
            .examine(AvailabilityChecks::sync),
        director("HA-003", "young-connections-not-synchronised", Severity.INFO)
            .title("Nobody expects the newest connections to survive a takeover")
            .symptom("A takeover resets connections that are younger than about 2 s")
            .why(
                "State is sent after the first packets of a connection (sync_threshold), and in"
                    + " buffers that are flushed every 2 s.")
            .remedy("Accept it, or lower sync_threshold.")
            .source("measured: reset at 1.6 s, survived at 4.5 s")
            .examine(AvailabilityChecks::young),
        director("HA-004", "returning-master-has-state", Severity.WARN)
            .title("A returning director takes over only with synchronised connections")
            .symptom("After the reboot of a director all connections are reset a second time")
            .why(
                "A master that preempts takes the addresses back as soon as it is up; the state of"
                    + " the connections comes with their next packets only.")
            .remedy("nopreempt in keepalived; or sync daemons in both directions.")
            .source("keepalived issues 237, 1076, 1966")
            .examine(AvailabilityChecks::preempts),
        director(Codes.SAME_TABLE_ON_ALL_DIRECTORS, "same-table-on-all-directors", Severity.FAIL)
            .title("All directors have the same table")
            .symptomOf(Codes.TABLE_DRIFT)
            .symptom("Connections break when routers spread them anew, or at a takeover")
            .why(
                "Directors that share the work without shared state must choose the same server for"
                    + " the same client: with mh each difference of servers, weights or flags moves"
                    + " some of them.")
            .remedy("Apply the same desired services everywhere; no weights of their own.")
            .source("Linux net/netfilter/ipvs/ip_vs_mh.c")
            .examine(AvailabilityChecks::tables),
        director(MULTICAST, "vrrp-unicast-in-clouds", Severity.WARN)
            .title("VRRP uses unicast where multicast is not available")
            .symptom("Both directors believe that they are alone")
            .why("The networks of clouds do not carry multicast, which VRRP uses unless told.")
            .remedy("unicast_peer in each vrrp_instance.")
            .source("keepalived.conf(5)")
            .examine(AvailabilityChecks::multicast));
  }

  private static Check.Draft director(String code, String slug, Severity severity) {
    return Check.of(code, slug).severity(severity).on(Role.DIRECTOR).dependsOn(Codes.HOST_ANSWERS);
  }

  private static final String ALONE = "there is one director";

  private static List<Member> others(Subject subject) {
    return Availability.answering(subject.cluster()).stream()
        .filter(other -> !other.name().equals(subject.member().name()))
        .toList();
  }

  // ---- HA-001 ----

  private static Finding owners(Subject subject) {
    List<Member> others = others(subject);
    if (others.isEmpty()) {
      return subject.skip(ALONE);
    }
    HighAvailability mode = Availability.of(subject.cluster());
    if (mode == HighAvailability.ECMP) {
      return subject.skip("the directors share the work by ECMP: all have the addresses");
    }
    Member self = subject.member();
    List<String> shared = new ArrayList<>();
    Set<String> with = new TreeSet<>();
    Remedy remedy =
        Remedy.of(
            "Find out which director is the master, and why the other took the address as well (do"
                + " VRRP packets arrive?). Then take it from that one.");
    for (InetAddress address : subject.cluster().virtualAddresses()) {
      if (!Availability.local(self, address).get()) {
        continue;
      }
      for (Member other : others) {
        boolean owns = Availability.local(other, address).known().orElse(false);
        if (owns
            && (mode == HighAvailability.VRRP || Availability.bothAnswer(self, other, address))) {
          shared.add(IpAddress.format(address));
          with.add(other.name());
        }
      }
    }
    if (shared.isEmpty()) {
      return subject.pass("no other director has the addresses that this one has").finding();
    }
    // The one whose daemon sends the state is the master: the fault is with the others.
    boolean master =
        Availability.daemons(self).stream().anyMatch(one -> one.role() == SyncDaemon.Role.MASTER)
            && others.stream()
                .filter(other -> with.contains(other.name()))
                .allMatch(
                    other ->
                        !Availability.daemons(other).isEmpty()
                            && Availability.daemons(other).stream()
                                .allMatch(one -> one.role() == SyncDaemon.Role.BACKUP));
    if (master) {
      return subject
          .pass("this director is the master; " + String.join(", ", with) + " must not have it")
          .finding();
    }
    // Taken from all of them it would have no owner.
    List<Member> owners = new ArrayList<>(Availability.answering(subject.cluster()));
    owners.removeIf(one -> !one.name().equals(self.name()) && !with.contains(one.name()));
    boolean keeps = Availability.mainOf(owners).name().equals(self.name());
    for (Address address :
        keeps ? List.<Address>of() : subject.facts().addresses().known().orElse(List.of())) {
      if (shared.contains(IpAddress.format(address.address()))) {
        remedy =
            remedy.then(
                SetAddress.absent(address.device(), address.address(), address.prefixLength()));
      }
    }
    return subject
        .fail(
            String.join(", ", shared.stream().distinct().toList())
                + " is here and on "
                + String.join(", ", with)
                + " as well")
        .expected("the address on one director")
        .evidenceLines("address", shared.get(0))
        .remedy(remedy)
        .finding();
  }

  // ---- HA-002 ----

  private static Finding sync(Subject subject) {
    List<Member> others = others(subject);
    if (others.isEmpty()) {
      return subject.skip(ALONE);
    }
    IpvsTable table = subject.facts().ipvs().get();
    if (!table.present()) {
      return subject.skip(IpvsTables.NO_IPVS);
    }
    List<SyncDaemon> own = table.syncDaemons().get();
    if (own.isEmpty() && others.stream().allMatch(other -> Availability.daemons(other).isEmpty())) {
      return subject.skip("no director runs a sync daemon: state is not synchronised");
    }
    // What the master says counts; without one, what the first director says.
    List<Member> all = new ArrayList<>(Availability.answering(subject.cluster()));
    Member reference =
        all.stream()
            .filter(
                one ->
                    Availability.daemons(one).stream()
                        .anyMatch(daemon -> daemon.role() == SyncDaemon.Role.MASTER))
            .findFirst()
            .orElseGet(
                () ->
                    all.stream()
                        .filter(one -> !Availability.daemons(one).isEmpty())
                        .findFirst()
                        .orElseThrow());
    String said = own.stream().map(SyncDaemon::toString).collect(Collectors.joining("\n"));
    if (reference.name().equals(subject.member().name())) {
      return subject
          .pass("sends its state; the others are compared with it")
          .evidence("sync daemons", said)
          .finding();
    }
    SyncDaemon theirs =
        Availability.daemons(reference).stream()
            .filter(daemon -> daemon.role() == SyncDaemon.Role.MASTER)
            .findFirst()
            .orElse(Availability.daemons(reference).get(0));
    SyncDaemon.Role wanted =
        theirs.role() == SyncDaemon.Role.MASTER ? SyncDaemon.Role.BACKUP : SyncDaemon.Role.MASTER;
    Optional<SyncDaemon> mine = own.stream().filter(one -> one.role() == wanted).findFirst();
    List<String> differences = new ArrayList<>();
    if (mine.isEmpty()) {
      differences.add("no " + wanted + " daemon runs here, " + reference.name() + " has the other");
    } else {
      if (mine.get().syncId() != theirs.syncId()) {
        differences.add("sync id " + mine.get().syncId() + ", there " + theirs.syncId());
      }
      if (!mine.get().group().equals(theirs.group())) {
        differences.add(
            "group "
                + IpAddress.format(mine.get().group())
                + ", there "
                + IpAddress.format(theirs.group()));
      }
      if (mine.get().port() != theirs.port()) {
        differences.add("port " + mine.get().port() + ", there " + theirs.port());
      }
      if (!sameSegment(
          subject.member(), mine.get().interfaceName(), reference, theirs.interfaceName())) {
        differences.add(
            "interface "
                + mine.get().interfaceName()
                + " is in another network than "
                + theirs.interfaceName()
                + " there");
      }
    }
    if (differences.isEmpty()) {
      return subject
          .pass("as that of " + reference.name())
          .evidence("sync daemons", said)
          .finding();
    }
    return subject
        .fail(String.join("; ", differences))
        .expected("the same sync id, group, port and network as on " + reference.name())
        .evidence("sync daemons", said.isEmpty() ? "none" : said)
        .evidence("sync daemons of " + reference.name(), theirs.toString())
        .remedy(daemonRemedy(subject, mine, theirs, wanted))
        .finding();
  }

  private static Remedy daemonRemedy(
      Subject subject, Optional<SyncDaemon> mine, SyncDaemon theirs, SyncDaemon.Role wanted) {
    String device =
        mine.map(SyncDaemon::interfaceName)
            .filter(name -> up(subject, name))
            .orElse(up(subject, theirs.interfaceName()) ? theirs.interfaceName() : "");
    if (Availability.keepalivedRuns(subject.member()) || device.isEmpty()) {
      return Remedy.manual(
          "Make lvs_sync_daemon in the configuration of keepalived, or what else starts the"
              + " daemons, the same on all directors: sync id "
              + theirs.syncId()
              + ", group "
              + IpAddress.format(theirs.group())
              + ", port "
              + theirs.port()
              + ".");
    }
    SyncDaemon right =
        new SyncDaemon(
            wanted,
            device,
            theirs.syncId(),
            theirs.maxLength(),
            theirs.group(),
            theirs.port(),
            theirs.ttl());
    Remedy remedy = Remedy.of("Start the daemon as on the other director.");
    if (mine.isPresent()) {
      remedy =
          remedy.then(
              IpvsTables.action(
                  new Command.StopDaemon(wanted),
                  List.of(new Command.StartDaemon(mine.get())),
                  Risk.SAFE));
    }
    return remedy.then(
        IpvsTables.action(
            new Command.StartDaemon(right), List.of(new Command.StopDaemon(wanted)), Risk.SAFE));
  }

  private static boolean up(Subject subject, String device) {
    return subject.facts().links().known().orElse(List.of()).stream()
        .anyMatch(link -> link.name().equals(device) && link.up());
  }

  private static boolean sameSegment(Member a, String deviceOfA, Member b, String deviceOfB) {
    List<Address> ofA = addresses(a, deviceOfA);
    List<Address> ofB = addresses(b, deviceOfB);
    return ofA.isEmpty()
        || ofB.isEmpty()
        || ofA.stream()
            .anyMatch(one -> ofB.stream().anyMatch(other -> one.covers(other.address())));
  }

  private static List<Address> addresses(Member host, String device) {
    return host.facts().addresses().known().orElse(List.of()).stream()
        .filter(one -> one.device().equals(device))
        .filter(one -> one.prefixLength() < one.address().getAddress().length * 8)
        .filter(one -> !one.address().isLinkLocalAddress())
        .toList();
  }

  // ---- HA-003 ----

  private static Finding young(Subject subject) {
    List<SyncDaemon> own = subject.facts().ipvs().get().syncDaemons().known().orElse(List.of());
    if (own.stream().noneMatch(one -> one.role() == SyncDaemon.Role.MASTER)) {
      return subject.skip("this director does not send the state of its connections");
    }
    return subject
        .note("a takeover resets connections younger than about 2 s: their state is not sent yet")
        .evidence(
            "/proc/sys/net/ipv4/vs/sync_threshold",
            subject.facts().sysctls().get().value(IpvsTables.path("sync_threshold")).orElse("?"))
        .finding();
  }

  // ---- HA-004 ----

  private static Finding preempts(Subject subject) {
    List<Member> others = others(subject);
    if (others.isEmpty()) {
      return subject.skip(ALONE);
    }
    List<Keepalived.Instance> instances = subject.facts().keepalived().get().instances();
    if (instances.isEmpty()) {
      return subject.skip("keepalived has no VRRP instance here");
    }
    List<String> preempting =
        instances.stream()
            .filter(one -> one.preempts().orElse(false))
            .map(Keepalived.Instance::name)
            .toList();
    List<String> unsure =
        instances.stream()
            .filter(one -> one.preempts().isEmpty())
            .map(Keepalived.Instance::name)
            .toList();
    if (preempting.isEmpty() && !unsure.isEmpty()) {
      return subject.skip(conditional(unsure, "preempts"));
    }
    if (preempting.isEmpty()) {
      return subject.pass("no instance preempts").finding();
    }
    Duration up =
        Duration.ofMillis(
            subject.facts().counters().get().value("uptime.millis").orElse(Long.MAX_VALUE / 2));
    long mine =
        IpvsTables.count(subject.facts().ipvs().get().connections().known().orElse(List.of()));
    long theirs =
        others.stream()
            .mapToLong(
                other ->
                    IpvsTables.count(
                        other
                            .facts()
                            .ipvs()
                            .known()
                            .flatMap(table -> table.connections().known())
                            .orElse(List.of())))
            .max()
            .orElse(0);
    String said =
        "up for "
            + up.toMinutes()
            + " min, "
            + mine
            + " connections, "
            + theirs
            + " on the other director";
    if (up.compareTo(JUST_BOOTED) > 0 || theirs < SOME_CONNECTIONS || mine * 10 > theirs) {
      return subject.pass(String.join(", ", preempting) + " preempts; " + said).finding();
    }
    return subject
        .warn("came back without the state of the connections, and preempts: " + said)
        .expected("nopreempt, or the state before the addresses")
        .evidence("keepalived.conf", "without nopreempt: " + String.join(", ", preempting))
        .remedy(
            Remedy.manual(
                "Set nopreempt and state BACKUP in the instances "
                    + String.join(", ", preempting)
                    + ", on both directors; or run master and backup daemons on both, with two sync"
                    + " ids."))
        .finding();
  }

  // ---- HA-005 ----

  private static Finding tables(Subject subject) {
    if (others(subject).isEmpty()) {
      return subject.skip(ALONE);
    }
    Member reference = Availability.answering(subject.cluster()).get(0);
    if (reference.name().equals(subject.member().name())) {
      return subject.pass("the others are compared with it").finding();
    }
    subject.facts().ipvs().get();
    reference.facts().ipvs().get();
    List<ServiceState> own = subject.cluster().services(subject.member());
    List<ServiceState> theirs = subject.cluster().services(reference);
    if (own.isEmpty() || theirs.isEmpty()) {
      return subject.skip(
          (own.isEmpty() ? subject.member().name() : reference.name()) + " has no service");
    }
    Set<Object> keys = own.stream().map(ServiceState::key).collect(Collectors.toSet());
    List<VirtualService> present = own.stream().map(ServiceState::definition).toList();
    List<VirtualService> wanted = theirs.stream().map(ServiceState::definition).toList();
    List<String> differences =
        new ArrayList<>(
            Plan.between(present, wanted).changes().stream().map(Change::toString).toList());
    wanted.forEach(service -> keys.remove(service.key()));
    keys.forEach(key -> differences.add("- " + key + ", which " + reference.name() + " lacks"));
    if (differences.isEmpty()) {
      return subject.pass("the same table as " + reference.name()).finding();
    }
    String said = differences.size() + " differences from the table of " + reference.name();
    Subject.Draft draft =
        Availability.of(subject.cluster()) == HighAvailability.ECMP
            ? subject.fail(said)
            : subject.warn(said);
    return draft
        .expected("the same table on all directors")
        .evidence("what makes it that of " + reference.name(), String.join("\n", differences))
        .remedy(Remedy.manual("Apply the same desired services to all directors."))
        .finding();
  }

  /** Says why a file for several hosts does not tell. */
  private static String conditional(List<String> instances, String what) {
    return "whether "
        + String.join(", ", instances)
        + " "
        + what
        + " depends on keepalived's configuration id, and no condition names this host";
  }

  // ---- HA-006 ----

  private static Finding multicast(Subject subject) {
    List<Keepalived.Instance> instances = subject.facts().keepalived().get().instances();
    if (instances.isEmpty()) {
      return subject.skip("keepalived has no VRRP instance here");
    }
    Platform platform = subject.facts().platform().get();
    if (platform.cloud() == Platform.Cloud.NONE) {
      return subject.skip("the machine is of " + platform.cloud());
    }
    List<String> multicast =
        instances.stream()
            .filter(one -> !one.unicast().orElse(true))
            .map(Keepalived.Instance::name)
            .toList();
    List<String> unsure =
        instances.stream()
            .filter(one -> one.unicast().isEmpty())
            .map(Keepalived.Instance::name)
            .toList();
    if (multicast.isEmpty() && !unsure.isEmpty()) {
      return subject.skip(conditional(unsure, "states its peers"));
    }
    if (multicast.isEmpty()) {
      return subject.pass("all instances state their peers").finding();
    }
    return subject
        .warn(
            String.join(", ", multicast)
                + " uses multicast, which "
                + platform.cloud()
                + " does not carry")
        .expected("unicast_peer in each instance")
        .evidence("/sys/class/dmi/id", platform.toString())
        .remedy(
            Remedy.manual(
                "State unicast_src_ip and unicast_peer in each vrrp_instance, on all directors."))
        .finding();
  }
}
