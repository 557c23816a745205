// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import io.lvstun.Forwarding;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.IpvsTables;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.facts.firewall.FirewallRule;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * CT and SYS: connection tracking, queues, and settings that matter under load.
 *
 * @since 0.1.0
 */
public final class TuningChecks {

  private static final String COUNT = "net/netfilter/nf_conntrack_count";
  private static final String MAX = "net/netfilter/nf_conntrack_max";
  private static final String LIBERAL = "net/netfilter/nf_conntrack_tcp_be_liberal";

  /** Below this rate a budget that ran out now and then is no sign of trouble. */
  private static final double MIN_SQUEEZED = 100;

  private TuningChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.CONNTRACK_TABLE_NOT_FULL, "conntrack-table-not-full")
            .title("The connection tracking table has room")
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("New connections are dropped; the log says \"table full, dropping packet\"")
            .why(
                "When the table is full, connection tracking drops the packets of new connections.")
            .remedy("Raise nf_conntrack_max, or do not track the virtual address (NOTRACK).")
            .examine(TuningChecks::conntrack),
        Check.of("CT-002", "ipvs-conntrack-off")
            .title("IPVS does not use connection tracking for tunnels")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Each connection costs more than it should")
            .why(
                "net.ipv4.vs.conntrack=1 keeps an entry of connection tracking for each connection."
                    + " Only masquerading has a use for it: the director sees half of a tunnelled"
                    + " connection, which never gets ESTABLISHED there.")
            .remedy("Set net.ipv4.vs.conntrack to 0.")
            .source("Linux Documentation/networking/ipvs-sysctl.rst; measured")
            .examine(TuningChecks::ipvsConntrack),
        Check.of(Codes.NO_INVALID_DROPS, "no-invalid-drops")
            .title("Clients' packets are not dropped as INVALID")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Long or fast connections are reset or stall")
            .why(
                "Connection tracking follows the TCP window; packets that it finds out of it are"
                    + " INVALID, and many rule sets drop those.")
            .remedy("Set nf_conntrack_tcp_be_liberal to 1, or do not track the virtual address.")
            .source("Linux Documentation/networking/nf_conntrack-sysctl.rst")
            .examine(TuningChecks::invalid),
        Check.of(Codes.ACCEPT_QUEUE_LARGE_ENOUGH, "accept-queue-large-enough")
            .title("Services accept connections as fast as they arrive")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Some connections open only after 1 or 3 s, under load")
            .why("When the queue of a listening socket is full, the kernel drops the SYN.")
            .remedy("Raise somaxconn, tcp_max_syn_backlog and the service's own backlog.")
            .source("Linux ip-sysctl.rst")
            .examine(TuningChecks::acceptQueue),
        Check.of("SYS-002", "receive-backlog-large-enough")
            .title("The kernel handles packets as fast as they arrive")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Packets are lost, and no counter of a device or protocol says so")
            .why(
                "Each processor has a queue of packets to be looked at; when it is full, packets"
                    + " are dropped, which only /proc/net/softnet_stat counts.")
            .remedy("Raise netdev_max_backlog and netdev_budget, spread packets over processors.")
            .source("Linux net/core/net-procfs.c; kubeflow issue 13729")
            .examine(TuningChecks::backlog),
        Check.of("SYS-003", "neighbour-table-large-enough")
            .title("The neighbour table has room")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("\"neighbour table overflow\"; real servers are not reached now and then")
            .why(
                "Each host of the same segment takes an entry; from gc_thresh3 on the kernel takes"
                    + " no new ones.")
            .remedy("Raise gc_thresh1, 2 and 3, for example to 1024, 2048 and 4096.")
            .source("Linux ip-sysctl.rst; Seesaw ncc/sysctl.go")
            .examine(TuningChecks::neighbours),
        Check.of("SYS-004", "forwarding-not-needed")
            .title("IP forwarding is off unless something needs it")
            .severity(Severity.INFO)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Somebody believes that ip_forward must be 1")
            .why(
                "What goes through a tunnel is not forwarded: IPVS takes it as the host's own, and"
                    + " sends a new packet. ip_forward=1 makes the host a router for anybody.")
            .remedy("Leave ip_forward at 0, unless the director masquerades or routes as well.")
            .source("measured: works with 0")
            .examine(TuningChecks::forwarding),
        Check.of("SYS-005", "no-icmp-redirects")
            .title("The director sends no ICMP redirects")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Hosts of the same segment learn ways around the director")
            .why(
                "A host that forwards tells senders on the same segment of a shorter way. Both"
                    + " conf/all and conf/DEVICE must be 0 to keep it from that.")
            .remedy("Set send_redirects to 0, for all and for each device; or ip_forward to 0.")
            .source("Linux ip-sysctl.rst, send_redirects; Seesaw ncc/sysctl.go")
            .examine(TuningChecks::redirects));
  }

  // ---- CT ----

  private static Finding conntrack(Subject subject) {
    Sysctls sysctls = subject.facts().sysctls().get();
    OptionalInt count = sysctls.number(COUNT);
    OptionalInt max = sysctls.number(MAX);
    if (count.isEmpty() || max.isEmpty()) {
      return subject.skip("connection tracking is not in use");
    }
    if (max.getAsInt() == 0) {
      return subject.pass("connection tracking has no limit").finding();
    }
    KernelCounters counters = subject.facts().counters().get();
    long percent = 100L * count.getAsInt() / max.getAsInt();
    String said = count.getAsInt() + " of " + max.getAsInt() + " entries (" + percent + " %)";
    long dropped =
        counters.growth("nf_conntrack.drop").orElse(0)
            + counters.growth("nf_conntrack.early_drop").orElse(0);
    if (percent < 80 && dropped <= 0) {
      return subject.pass(said).finding();
    }
    int more = (int) Math.min(1L << 24, Math.max(262_144L, 2L * max.getAsInt()));
    Subject.Draft draft =
        percent >= 95
            ? subject.fail("connection tracking is full: " + said)
            : dropped > 0
                ? subject.warn("connection tracking drops: " + said)
                : subject.warn("connection tracking is nearly full: " + said);
    return draft
        .expected("below 80 %")
        .evidence("/proc/sys/" + COUNT, Integer.toString(count.getAsInt()))
        .evidence("/proc/sys/" + MAX, Integer.toString(max.getAsInt()))
        .evidence("/proc/net/stat/nf_conntrack", "drop and early_drop +" + Math.max(0, dropped))
        .evidenceLines("kernel-log", "table full")
        .remedy(
            Remedies.sysctl("Make the table larger. Each entry takes about 300 bytes.", MAX, more))
        .finding();
  }

  private static Finding ipvsConntrack(Subject subject) {
    return IpvsTables.setting(
        subject,
        "conntrack",
        value -> {
          boolean masquerades =
              subject.facts().ipvs().get().services().stream()
                  .flatMap(service -> service.servers().stream())
                  .anyMatch(
                      server -> server.definition().forwarding() instanceof Forwarding.Masquerade);
          if (masquerades) {
            return subject.skip("a real server is reached by masquerading");
          }
          if (value == 0) {
            return subject.pass(IpvsTables.said("conntrack", 0)).finding();
          }
          return subject
              .warn(IpvsTables.said("conntrack", value) + ", which tunnels have no use for")
              .expected("0")
              .remedy(
                  Remedies.sysctl(
                      "Switch it off: open connections go on.", IpvsTables.path("conntrack"), 0))
              .finding();
        });
  }

  private static Finding invalid(Subject subject) {
    OptionalInt liberal = subject.facts().sysctls().get().number(LIBERAL);
    if (liberal.isEmpty()) {
      return subject.skip("connection tracking is not in use");
    }
    List<String> rules =
        subject.facts().firewall().get().chains().stream()
            .flatMap(chain -> chain.rules().stream())
            .filter(TuningChecks::dropsInvalid)
            .map(FirewallRule::text)
            .toList();
    if (rules.isEmpty()) {
      return subject.skip("no rule drops INVALID packets");
    }
    long grown = subject.facts().counters().get().growth("nf_conntrack.invalid").orElse(0);
    if (liberal.getAsInt() != 0 || grown <= 0) {
      return subject
          .pass(liberal.getAsInt() != 0 ? "be_liberal is 1" : "no packet was INVALID just now")
          .evidence("packet filter", String.join("\n", rules))
          .finding();
    }
    return subject
        .warn(grown + " packets were INVALID just now, and a rule drops such")
        .expected("no INVALID packets, or nf_conntrack_tcp_be_liberal=1")
        .evidence("packet filter", String.join("\n", rules))
        .evidence("/proc/net/stat/nf_conntrack", "invalid +" + grown)
        .remedy(
            Remedies.sysctl("Do not judge packets by the window of the connection.", LIBERAL, 1))
        .finding();
  }

  private static boolean dropsInvalid(FirewallRule rule) {
    boolean invalid =
        rule.conditions().stream()
            .anyMatch(
                condition ->
                    condition.field().equals("state")
                        && !condition.negated()
                        && condition.values().stream().anyMatch("invalid"::equalsIgnoreCase));
    return (invalid && rule.action().kind() == FirewallRule.Kind.DROP)
        || rule.text().matches(".*ct state vmap \\{.*invalid : drop.*");
  }

  // ---- SYS ----

  private static Finding acceptQueue(Subject subject) {
    KernelCounters counters = subject.facts().counters().get();
    List<String> grown = new ArrayList<>();
    for (String name :
        List.of("TcpExt.ListenOverflows", "TcpExt.ListenDrops", "TcpExt.TCPReqQFullDrop")) {
      long growth = counters.growth(name).orElse(0);
      if (growth > 0) {
        grown.add(name.substring("TcpExt.".length()) + " +" + growth);
      }
    }
    if (counters.growth("TcpExt.ListenDrops").isEmpty()) {
      return subject.skip("there are no two samples of the counters");
    }
    if (grown.isEmpty()) {
      return subject.pass("no SYN was dropped just now").finding();
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    String values =
        "somaxconn="
            + sysctls.value("net/core/somaxconn").orElse("?")
            + ", tcp_max_syn_backlog="
            + sysctls.value("net/ipv4/tcp_max_syn_backlog").orElse("?");
    Remedy remedy =
        Remedies.sysctl(
            "Raise the limits; the service must also ask for a longer backlog, and be started"
                + " again.",
            "net/core/somaxconn",
            Math.max(4096, 2 * sysctls.number("net/core/somaxconn").orElse(0)));
    return subject
        .warn(
            "the kernel drops connections that services do not accept in time: "
                + String.join(", ", grown))
        .expected("no growth of these counters")
        .evidence(
            "/proc/net/netstat",
            String.join(", ", grown) + " in " + counters.window().toMillis() + " ms")
        .evidence("/proc/sys", values)
        .remedy(
            Remedies.sysctl(
                remedy,
                "net/ipv4/tcp_max_syn_backlog",
                Math.max(8192, 2 * sysctls.number("net/ipv4/tcp_max_syn_backlog").orElse(0))))
        .finding();
  }

  private static Finding backlog(Subject subject) {
    KernelCounters counters = subject.facts().counters().get();
    OptionalLong dropped = counters.growth("softnet.dropped");
    OptionalLong processed = counters.growth("softnet.processed");
    if (dropped.isEmpty() || processed.isEmpty()) {
      return subject.skip("there are no two samples of the counters");
    }
    long squeezed = counters.growth("softnet.squeezed").orElse(0);
    double seconds = Math.max(0.001, counters.window().toMillis() / 1000.0);
    String said =
        processed.getAsLong()
            + " processed, "
            + dropped.getAsLong()
            + " dropped, "
            + squeezed
            + " times out of budget";
    boolean often = squeezed / seconds > MIN_SQUEEZED && squeezed * 100 > processed.getAsLong();
    if (dropped.getAsLong() <= 0 && !often) {
      return subject.pass(said).finding();
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    boolean drops = dropped.getAsLong() > 0;
    String path = drops ? "net/core/netdev_max_backlog" : "net/core/netdev_budget";
    OptionalInt now = sysctls.number(path);
    return subject
        .warn(drops ? "packets are dropped before they are looked at: " + said : said)
        .expected("none dropped")
        .evidence("/proc/net/softnet_stat", said + " in " + counters.window().toMillis() + " ms")
        .remedy(
            now.isPresent()
                ? Remedies.sysctl(
                    "Raise the limit, and see whether one processor has all the work (NIC-001).",
                    path,
                    2 * Math.max(drops ? 1000 : 300, now.getAsInt()))
                : Remedy.manual(
                    "Raise net.core.netdev_max_backlog and net.core.netdev_budget in the initial"
                        + " network namespace."))
        .finding();
  }

  private static Finding neighbours(Subject subject) {
    List<String> over = new ArrayList<>();
    Remedy remedy = Remedy.of("Make the tables larger.");
    boolean read = false;
    List<String> said = new ArrayList<>();
    for (String family : List.of("ipv4", "ipv6")) {
      String path = "net/" + family + "/neigh/default/gc_thresh";
      OptionalInt limit = subject.facts().sysctls().get().number(path + "3");
      if (limit.isEmpty()) {
        continue;
      }
      read = true;
      int length = family.equals("ipv4") ? 4 : 16;
      long count =
          subject.facts().neighbours().get().stream()
              .filter(one -> one.address().getAddress().length == length)
              .filter(one -> !one.state().equals("PERMANENT"))
              .count();
      said.add(family + ": " + count + " of " + limit.getAsInt());
      if (count * 10 >= limit.getAsInt() * 8L) {
        over.add(family + " has " + count + " of " + limit.getAsInt() + " entries");
        int larger = Math.max(4096, 2 * limit.getAsInt());
        remedy = Remedies.sysctl(remedy, path + "3", larger);
        remedy = Remedies.sysctl(remedy, path + "2", larger / 2);
        remedy = Remedies.sysctl(remedy, path + "1", larger / 4);
      }
    }
    if (!read) {
      return subject.skip("the limits are those of another network namespace, and not seen here");
    }
    if (over.isEmpty()) {
      return subject.pass(String.join(", ", said)).finding();
    }
    return subject
        .warn("the neighbour table is nearly full: " + String.join("; ", over))
        .expected("below 80 % of gc_thresh3")
        .evidence("ip neigh", String.join("\n", said))
        .evidenceLines("kernel-log", "table overflow")
        .remedy(remedy)
        .finding();
  }

  private static Finding forwarding(Subject subject) {
    int value = subject.facts().sysctls().get().required("net/ipv4/ip_forward");
    if (value == 0) {
      return subject.pass("ip_forward is 0, as tunnels need no forwarding").finding();
    }
    return subject
        .note("ip_forward is 1, which tunnels do not need")
        .expected("0, unless the host routes or masquerades as well")
        .evidence("/proc/sys/net/ipv4/ip_forward", Integer.toString(value))
        .finding();
  }

  private static Finding redirects(Subject subject) {
    Sysctls sysctls = subject.facts().sysctls().get();
    if (sysctls.required("net/ipv4/ip_forward") == 0) {
      return subject.pass("the director does not forward").finding();
    }
    List<String> devices =
        subject.facts().links().get().stream()
            .filter(link -> link.up() && link.arp())
            .map(LinkFacts::name)
            .toList();
    // Of all and DEVICE one is enough (IN_DEV_TX_REDIRECTS in the kernel).
    boolean all = sysctls.required(Sysctls.conf("all", "send_redirects")) != 0;
    List<String> sending =
        devices.stream()
            .filter(
                device ->
                    all || sysctls.number(Sysctls.conf(device, "send_redirects")).orElse(0) != 0)
            .toList();
    if (sending.isEmpty()) {
      return subject.pass("redirects are switched off").finding();
    }
    Remedy remedy =
        Remedies.sysctl("Switch redirects off.", Sysctls.conf("all", "send_redirects"), 0);
    for (String device : sending) {
      remedy = Remedies.sysctl(remedy, Sysctls.conf(device, "send_redirects"), 0);
    }
    return subject
        .warn("ip_forward is 1, and redirects are sent by " + String.join(", ", sending))
        .expected("send_redirects 0 for all and for each device")
        .evidence(
            "/proc/sys/net/ipv4/conf",
            sending.stream()
                    .map(
                        device ->
                            device
                                + "/send_redirects="
                                + sysctls.value(Sysctls.conf(device, "send_redirects")).orElse("?"))
                    .collect(Collectors.joining("\n"))
                + "\nall/send_redirects="
                + (all ? 1 : 0))
        .remedy(remedy)
        .finding();
  }
}
