// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.ipvs;

import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Availability;
import io.lvstun.diagnostics.check.relation.IpvsTables;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable.ConnectionCount;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.SetSysctl;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * IPV, third part: the settings {@code net.ipv4.vs.*}, and what they do to connections.
 *
 * @since 0.1.0
 */
public final class IpvsSettingChecks {

  private static final String RST = "Linux Documentation/networking/ipvs-sysctl.rst";

  /** Entries a bucket from which searching takes longer than it should. */
  private static final long LONG_CHAIN = 4;

  private static final int MOST_BITS = 20;

  private IpvsSettingChecks() {}

  public static List<Check> all() {
    return List.of(
        director(Codes.REMOVED_SERVERS_RELEASE_CLIENTS, "removed-servers-release-clients")
            .title("Connections to removed servers expire")
            .symptom("After a real server was removed, its clients hang until they time out")
            .why(
                "When an entry is deleted, its connections stay in the table. With"
                    + " expire_nodest_conn=0 their packets are dropped silently; with 1 the client"
                    + " gets a reset and can connect again.")
            .remedy(
                "For planned removals: weight 0, wait until there are no connections, delete. For"
                    + " servers that crash: expire_nodest_conn=1.")
            .source(RST + "; measured")
            .examine(IpvsSettingChecks::orphans),
        director(Codes.ESTIMATION, "statistics-run")
            .title("The kernel keeps IPVS statistics")
            .symptom("Counters and rates stand still; what steers by them is blind")
            .why(
                "With run_estimation=0, or an empty est_cpulist, the figures are not refreshed any"
                    + " more.")
            .remedy("Set run_estimation to 1 and est_cpulist to the processors that may do it.")
            .source(RST)
            .examine(IpvsSettingChecks::estimation),
        director("IPV-009", "no-delay-on-port-reuse")
            .title("Clients that reuse a port connect without delay")
            .symptom("Some connections take 1 s longer to open")
            .why(
                "Before Linux 5.9, conn_reuse_mode other than 0 together with conntrack=1 drops the"
                    + " first SYN of a client that reuses a port; it comes again after 1 s.")
            .remedy("Set conntrack to 0: tunnels do not need it. Or use a newer kernel.")
            .source("Kubernetes issues 70747, 81775, 93297")
            .examine(IpvsSettingChecks::reuse),
        director(Codes.NO_DEFENCE_ACTIVE, "no-defence-active")
            .title("IPVS does not drop connections to save memory")
            .symptom("Connections fail at random while memory is short")
            .why(
                "Set to 1, drop_entry, drop_packet and secure_tcp turn themselves to 2 when less"
                    + " than amemthresh pages are free, and then drop; 3 drops always.")
            .remedy("Give the director memory; or lower amemthresh.")
            .source(RST)
            .examine(IpvsSettingChecks::defence),
        director("IPV-011", "connection-table-large-enough")
            .title("The connection table has enough buckets")
            .symptom("The director's processors are busy looking connections up")
            .why(
                "The table has 2^conn_tab_bits buckets, by default 4096; each packet searches one"
                    + " of them from its beginning.")
            .remedy("Set the module's parameter conn_tab_bits and load ip_vs again.")
            .source("Linux net/netfilter/ipvs/ip_vs_conn.c")
            .examine(IpvsSettingChecks::buckets),
        director(Codes.BACKUP_DOES_NOT_DIRECT, "backup-does-not-direct")
            .title("A standby director that serves does not direct")
            .symptom("Packets go in circles between two directors, or the backup forwards nothing")
            .why(
                "A standby director that is also a real server would schedule what it gets through"
                    + " the tunnel once more, possibly back to the first. With backup_only=1 it"
                    + " serves it instead, as long as it runs a backup sync daemon.")
            .remedy("Set backup_only to 1 on directors that are each other's real servers.")
            .source(RST)
            .examine(IpvsSettingChecks::backupOnly),
        director("IPV-014", "ignore-tunneled-has-no-effect")
            .title("Nobody relies on ignore_tunneled")
            .severity(Severity.INFO)
            .symptom("Packets from another director's tunnel are scheduled again")
            .why(
                "ignore_tunneled should keep IPVS from scheduling what came out of a tunnel. The"
                    + " kernel forgets that a packet came out of one before it could matter: no"
                    + " effect was seen.")
            .remedy("Test it with packets instead of trusting the setting.")
            .source("Linux skb_scrub_packet; measured on 6.1")
            .examine(IpvsSettingChecks::ignoreTunneled),
        director("IPV-015", "persistent-clients-leave-drained-servers")
            .title("Persistent clients leave a drained server")
            .symptom("A server of weight 0 still gets new connections")
            .why(
                "Persistence is kept by templates, which outlive the weight: with"
                    + " expire_quiescent_template=0 a known client goes to its server though the"
                    + " weight is 0.")
            .remedy("Set expire_quiescent_template to 1.")
            .source(RST)
            .examine(IpvsSettingChecks::templates),
        director(Codes.CONNECTIONS_SURVIVE_ANOTHER_DIRECTOR, "connections-survive-another-director")
            .title("Connections survive a change of director")
            .symptom("Clients get resets when routers spread connections anew")
            .why(
                "After a change of routes packets of an open connection reach a director that has"
                    + " never seen its SYN. With sloppy_tcp=0 and without synchronised state it"
                    + " answers with a reset.")
            .remedy(
                "Set sloppy_tcp to 1 on all directors, with a scheduler that decides by hash (mh,"
                    + " sh) and the same table everywhere; or synchronise state.")
            .source("measured; V. Bernat, \"Multi-tier load-balancing with Linux\", 2018")
            .examine(IpvsSettingChecks::sloppy),
        director("IPV-017", "no-debug-messages")
            .title("IPVS does not write debug messages")
            .severity(Severity.INFO)
            .symptom("The kernel's log is full of IPVS lines")
            .why("debug_level above 0 writes lines for packets, and costs time with each of them.")
            .remedy("Set debug_level to 0.")
            .source(RST)
            .examine(IpvsSettingChecks::debug),
        director("IPV-018", "settings-known")
            .title("The doctor knows all IPVS settings")
            .severity(Severity.INFO)
            .symptom("Something behaves differently, and no check says why")
            .why("Kernels add settings; those that this release does not know it cannot judge.")
            .remedy("Read about them in " + RST + ".")
            .source(RST)
            .examine(IpvsSettingChecks::unknown));
  }

  private static Check.Draft director(String code, String slug) {
    return Check.of(code, slug)
        .severity(Severity.WARN)
        .on(Role.DIRECTOR)
        .dependsOn(Codes.HOST_ANSWERS);
  }

  private static Remedy set(String text, String name, int value) {
    return Remedies.sysctl(text, IpvsTables.path(name), value);
  }

  private static Finding orphans(Subject subject) {
    return IpvsTables.setting(
        subject,
        "expire_nodest_conn",
        value -> {
          if (value != 0) {
            return subject.pass(IpvsTables.said("expire_nodest_conn", value)).finding();
          }
          IpvsTable table = subject.facts().ipvs().get();
          List<ConnectionCount> orphans =
              IpvsTables.connections(subject).stream()
                  .filter(one -> !IpvsTables.listed(table, one.server()))
                  .toList();
          if (orphans.isEmpty()) {
            return subject
                .note(
                    "expire_nodest_conn is 0: when a server is deleted before it has no connections"
                        + " left, its clients hang")
                .expected("1, if servers are ever deleted at once")
                .finding();
          }
          return subject
              .warn(
                  IpvsTables.count(orphans)
                      + " connections lead to servers that were removed, and hang: "
                      + orphans.stream()
                          .map(one -> IpvsTables.name(one.server()))
                          .distinct()
                          .collect(Collectors.joining(", ")))
              .expected("no connections of removed servers, or net.ipv4.vs.expire_nodest_conn=1")
              .evidence(
                  "/proc/net/ip_vs_conn",
                  orphans.stream()
                      .map(
                          one ->
                              one.count()
                                  + " "
                                  + one.service()
                                  + " -> "
                                  + IpvsTables.name(one.server())
                                  + " "
                                  + one.state())
                      .collect(Collectors.joining("\n")))
              .remedy(
                  set(
                      "Let the kernel reset connections whose server is gone.",
                      "expire_nodest_conn",
                      1))
              .finding();
        });
  }

  private static Finding estimation(Subject subject) {
    return IpvsTables.setting(
        subject,
        "run_estimation",
        value -> {
          if (value == 0) {
            return subject
                .warn(IpvsTables.said("run_estimation", 0) + ": the statistics stand still")
                .expected("1")
                .remedy(set("Let the kernel refresh its statistics.", "run_estimation", 1))
                .finding();
          }
          Optional<String> processors =
              subject.facts().sysctls().get().value(IpvsTables.path("est_cpulist"));
          if (processors.isPresent() && processors.get().isEmpty()) {
            return subject
                .warn("net.ipv4.vs.est_cpulist is empty: no processor refreshes the statistics")
                .expected("the processors that may, for example 0-3")
                .remedy(
                    Remedy.of(
                            "Name the processors that may refresh the statistics.",
                            new SetSysctl(IpvsTables.path("est_cpulist"), "0"))
                        .lasting(Remedies.SYSCTL_FILE, "net.ipv4.vs.est_cpulist = 0"))
                .finding();
          }
          return subject.pass("statistics are refreshed").finding();
        });
  }

  private static Finding reuse(Subject subject) {
    return IpvsTables.setting(
        subject,
        "conn_reuse_mode",
        mode -> {
          int conntrack =
              subject.facts().sysctls().get().number(IpvsTables.path("conntrack")).orElse(0);
          String said =
              "conn_reuse_mode is "
                  + mode
                  + ", conntrack "
                  + conntrack
                  + ", Linux "
                  + subject.facts().identity().get().kernel();
          if (mode == 0 || conntrack == 0 || subject.facts().identity().get().kernelAtLeast(5, 9)) {
            return subject.pass(said).finding();
          }
          return subject
              .warn(said + ": clients that reuse a port wait 1 s")
              .expected("net.ipv4.vs.conntrack=0, or Linux 5.9")
              .remedy(set("Switch conntrack off: tunnels do not need it.", "conntrack", 0))
              .finding();
        });
  }

  private static Finding defence(Subject subject) {
    Sysctls sysctls = subject.facts().sysctls().get();
    if (!subject.facts().ipvs().get().present()) {
      return subject.skip(IpvsTables.NO_IPVS);
    }
    List<String> active = new ArrayList<>();
    boolean read = false;
    for (String name : List.of("drop_entry", "drop_packet", "secure_tcp")) {
      OptionalInt value = sysctls.number(IpvsTables.path(name));
      read |= value.isPresent();
      if (value.orElse(0) >= 2) {
        active.add(name + "=" + value.getAsInt());
      }
    }
    if (!read) {
      return subject.skip("this kernel has none of drop_entry, drop_packet, secure_tcp");
    }
    if (active.isEmpty()) {
      return subject.pass("no defence is active").finding();
    }
    return subject
        .warn("IPVS defends itself and drops: " + String.join(", ", active))
        .expected("0 or 1 for drop_entry, drop_packet, secure_tcp")
        .evidence(
            "/proc/sys/net/ipv4/vs",
            String.join(", ", active)
                + ", amemthresh="
                + sysctls.value(IpvsTables.path("amemthresh")).orElse("?"))
        .remedy(
            Remedy.manual(
                "2 means that less than amemthresh pages of memory are free: free memory or add"
                    + " some. 3 was set by hand: set it to 1 or 0."))
        .finding();
  }

  private static Finding buckets(Subject subject) {
    IpvsTable table = subject.facts().ipvs().get();
    if (!table.present()) {
      return subject.skip(IpvsTables.NO_IPVS);
    }
    if (subject.facts().sysctls().get().value(IpvsTables.path("conn_lfactor")).isPresent()) {
      return subject.skip("the table of this kernel grows by itself");
    }
    Optional<String> bits = subject.facts().modules().get().parameter("ip_vs", "conn_tab_bits");
    if (bits.isEmpty() || !bits.get().strip().matches("\\d{1,2}")) {
      return subject.skip("the kernel does not tell conn_tab_bits");
    }
    long buckets = 1L << Math.min(62, Integer.parseInt(bits.get().strip()));
    long connections = IpvsTables.count(table.connections().get());
    String said = connections + " connections in " + buckets + " buckets";
    if (connections <= LONG_CHAIN * buckets) {
      return subject.pass(said).finding();
    }
    int better = Math.min(MOST_BITS, 64 - Long.numberOfLeadingZeros(connections));
    return subject
        .warn(said)
        .expected("no more connections than buckets: conn_tab_bits=" + better)
        .evidence("/sys/module/ip_vs/parameters/conn_tab_bits", bits.get().strip())
        .remedy(
            Remedy.manual(
                    "Set conn_tab_bits to "
                        + better
                        + " and load ip_vs again, which empties the table: at the next"
                        + " maintenance.")
                .lasting("/etc/modprobe.d/lvstun.conf", "options ip_vs conn_tab_bits=" + better))
        .finding();
  }

  private static Finding backupOnly(Subject subject) {
    return IpvsTables.setting(
        subject,
        "backup_only",
        value -> {
          Member director = subject.member();
          boolean alsoServer =
              director.is(Role.REAL_SERVER)
                  || subject.cluster().members(Role.DIRECTOR).stream()
                      .filter(other -> !other.name().equals(director.name()))
                      .flatMap(other -> subject.cluster().usesBy(other).stream())
                      .anyMatch(
                          use ->
                              director.facts().addresses().get().stream()
                                  .anyMatch(one -> one.address().equals(use.realAddress())));
          if (!alsoServer) {
            return subject.skip("no other director uses this one as real server");
          }
          if (value != 0) {
            return subject.pass(IpvsTables.said("backup_only", value)).finding();
          }
          return subject
              .warn("this director is also a real server, and backup_only is 0")
              .expected("1")
              .remedy(
                  set(
                      "Let it serve instead of direct while it stands by; that needs a backup sync"
                          + " daemon.",
                      "backup_only",
                      1))
              .finding();
        });
  }

  private static Finding ignoreTunneled(Subject subject) {
    return IpvsTables.setting(
        subject,
        "ignore_tunneled",
        value ->
            value == 0
                ? subject.pass(IpvsTables.said("ignore_tunneled", 0)).finding()
                : subject
                    .note("ignore_tunneled is set, but was not seen to have any effect")
                    .expected("packets out of a tunnel are not scheduled again")
                    .finding());
  }

  private static Finding templates(Subject subject) {
    return IpvsTables.setting(
        subject,
        "expire_quiescent_template",
        value -> {
          List<String> persistent =
              subject.cluster().services(subject.member()).stream()
                  .filter(service -> service.definition().persistence().isPresent())
                  .map(ServiceState::key)
                  .map(Object::toString)
                  .toList();
          if (persistent.isEmpty()) {
            return subject.skip("no service is persistent");
          }
          if (value != 0) {
            return subject.pass(IpvsTables.said("expire_quiescent_template", value)).finding();
          }
          return subject
              .warn(
                  "expire_quiescent_template is 0: persistent clients of "
                      + String.join(", ", persistent)
                      + " stay with a server that is drained")
              .expected("1")
              .remedy(
                  set(
                      "Let clients go when their server has the weight 0.",
                      "expire_quiescent_template",
                      1))
              .finding();
        });
  }

  private static Finding sloppy(Subject subject) {
    return IpvsTables.setting(
        subject,
        "sloppy_tcp",
        value -> {
          if (Availability.of(subject.cluster()) != HighAvailability.ECMP) {
            return subject.skip("the directors do not share the work by ECMP");
          }
          boolean synchronised =
              !subject.facts().ipvs().get().syncDaemons().known().orElse(List.of()).isEmpty();
          if (value != 0 || synchronised) {
            return subject
                .pass(value != 0 ? IpvsTables.said("sloppy_tcp", value) : "state is synchronised")
                .finding();
          }
          List<String> byState =
              subject.cluster().services(subject.member()).stream()
                  .map(service -> service.definition().scheduler().name())
                  .filter(name -> !name.equals("mh") && !name.equals("sh"))
                  .distinct()
                  .toList();
          return subject
              .warn(
                  "sloppy_tcp is 0 and no state is synchronised: connections that move to this"
                      + " director are reset")
              .expected("sloppy_tcp=1 and the scheduler mh or sh, or sync daemons")
              .remedy(
                  set(
                      "Take connections whose SYN another director has seen."
                          + (byState.isEmpty()
                              ? ""
                              : " The scheduler "
                                  + String.join(", ", byState)
                                  + " would give them to another real server: use mh."),
                      "sloppy_tcp",
                      1))
              .finding();
        });
  }

  private static Finding debug(Subject subject) {
    return IpvsTables.setting(
        subject,
        "debug_level",
        value ->
            value == 0
                ? subject.pass(IpvsTables.said("debug_level", 0)).finding()
                : subject
                    .note(IpvsTables.said("debug_level", value) + ": IPVS writes debug messages")
                    .expected("0")
                    .remedy(set("Switch debug messages off.", "debug_level", 0))
                    .finding());
  }

  private static Finding unknown(Subject subject) {
    Map<String, String> all = subject.facts().sysctls().get().below("net/ipv4/vs/");
    if (all.isEmpty()) {
      return subject.skip("there are no settings net.ipv4.vs.*");
    }
    List<String> unknown = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    all.forEach(
        (path, value) -> {
          String name = path.substring("net/ipv4/vs/".length());
          String usual = IpvsSettings.DEFAULTS.get(name);
          if (usual == null) {
            unknown.add(name + " = " + value);
          } else if (!usual.isEmpty() && !usual.equals(value.replaceAll("\\s+", " "))) {
            changed.add(name + " = " + value + " (default " + usual + ")");
          }
        });
    Subject.Draft draft =
        unknown.isEmpty()
            ? subject.pass(all.size() + " settings, " + changed.size() + " not as by default")
            : subject.note(
                "settings that this release does not know: " + String.join(", ", unknown));
    if (!changed.isEmpty()) {
      draft.evidence("/proc/sys/net/ipv4/vs, not as by default", String.join("\n", changed));
    }
    return draft.finding();
  }
}
