// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.RealServer;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.Identity;
import io.lvstun.diagnostics.facts.machine.Modules;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.AddTunnelDevice;
import io.lvstun.host.SetLinkUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * KRN: kernel and modules.
 *
 * @since 0.1.0
 */
public final class KernelChecks {

  private static final String MORE_MODULES =
      "Install the kernel's package of further modules (linux-modules-extra,"
          + " kernel-modules-extra) or another kernel.";

  private KernelChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.IPVS_MODULE, "ip-vs-module")
            .title("The kernel has IPVS")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("ipvsadm says \"Protocol not available\"; there is no /proc/net/ip_vs")
            .why(
                "IPVS is a kernel module, ip_vs. Tools load it when they are first"
                    + " used, if they may; in containers, and where modules are locked, they may"
                    + " not.")
            .remedy("Load the module ip_vs, now and at each boot.")
            .source("Linux net/netfilter/ipvs/ip_vs_ctl.c; the order of the search is calicoctl's")
            .examine(KernelChecks::ipvs),
        Check.of("KRN-002", "scheduler-modules")
            .title("The kernel has the schedulers that services use")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.IPVS_MODULE)
            .symptom("Adding the service fails with \"no such file or directory\"")
            .why(
                "Each scheduler is a module of its own, ip_vs_rr and so on, which the kernel loads"
                    + " when a service asks for it.")
            .remedy("Install the kernel's package of further modules, or choose another scheduler.")
            .source("Linux net/netfilter/ipvs/ip_vs_sched.c")
            .examine(KernelChecks::schedulers),
        Check.of(Codes.IPIP_MODULE, "ipip-module")
            .title("The kernel decapsulates IPv4 in IPv4")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Clients get \"connection refused\" at once; a time-out where sit0 is up")
            .why(
                "Without the module ipip nothing on the real server takes protocol 4. It answers"
                    + " each packet with an ICMP unreachable, which the director passes on to the"
                    + " client; where sit0 is up, that gets the packets and drops them.")
            .remedy("Load the module, now and at each boot.")
            .source("RFC 2003; measured: the client's connect fails with ECONNREFUSED")
            .examine(KernelChecks::ipip),
        Check.of(Codes.FALLBACK_DEVICE, "ipip-device")
            .title("An ipip device exists")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.IPIP_MODULE)
            .symptom("The module ipip is loaded, but there is no tunl0")
            .why(
                "The module makes tunl0 in each network namespace, unless"
                    + " net.core.fb_tunnels_only_for_init_net is 2, or is 1 and the namespace is"
                    + " not the first one, as in a container.")
            .remedy("Make a device: ip link add lvstun0 type ipip external.")
            .source("Linux Documentation/admin-guide/sysctl/net.rst")
            .examine(KernelChecks::device),
        Check.of("KRN-006", "kernel-features")
            .title("The kernel supports the tunnels in use")
            .severity(Severity.INFO)
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("GUE or GRE is asked for, and the director sends plain IP in IP")
            .why(
                "IPVS sends GUE since Linux 5.2, GRE and checksums since 5.3. An older"
                    + " kernel ignores what it does not know. A real server needs the module fou"
                    + " for GUE, ip_gre for GRE.")
            .remedy("Use a newer kernel, or plain IP in IP.")
            .source("keepalived.conf(5); Linux include/uapi/linux/ip_vs.h")
            .examine(KernelChecks::features));
  }

  private static Finding ipvs(Subject subject) {
    Fact<IpvsTable> table = subject.facts().ipvs();
    if (table.known().map(IpvsTable::present).orElse(false)) {
      return subject.pass("IPVS is there").finding();
    }
    Modules.State state = subject.facts().modules().get().state("ip_vs");
    return switch (state) {
      case LOADED, BUILT_IN -> {
        if (table.known().isEmpty()) {
          yield subject.pass("IPVS is there; its table cannot be read").finding();
        }
        yield subject
            .fail("the kernel has IPVS, but this host sees no table of it")
            .expected("/proc/net/ip_vs")
            .evidence("/proc/net/ip_vs", "does not exist")
            .remedy(
                Remedy.manual(
                    "The host is a container, or /proc is not its own: give it a network namespace"
                        + " with a /proc of its own."))
            .finding();
      }
      case ABSENT ->
          subject
              .fail("ip_vs is not loaded, and the running kernel has no such module")
              .expected("ip_vs loaded or built in")
              .evidence("/lib/modules", "no ip_vs among the modules of the running kernel")
              .remedy(Remedy.manual(MORE_MODULES))
              .finding();
      case LOADABLE, NOT_LOADED ->
          subject
              .fail(
                  state == Modules.State.LOADABLE
                      ? "ip_vs is not loaded, but can be"
                      : "ip_vs is not loaded; whether it could be is not known")
              .expected("ip_vs loaded or built in")
              .evidence("/sys/module", "no /sys/module/ip_vs")
              .remedy(Remedies.module("Load the module ip_vs, now and at each boot.", "ip_vs"))
              .finding();
    };
  }

  private static Finding schedulers(Subject subject) {
    Set<String> wanted = new TreeSet<>();
    subject
        .cluster()
        .topology()
        .desired()
        .forEach(service -> wanted.add(service.scheduler().name()));
    if (wanted.isEmpty()) {
      return subject.skip("no services are stated that it should have");
    }
    Modules modules = subject.facts().modules().get();
    List<String> missing = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String scheduler : wanted) {
      switch (modules.state("ip_vs_" + scheduler)) {
        case ABSENT -> missing.add(scheduler);
        case NOT_LOADED -> unknown.add(scheduler);
        default -> {
          // Loaded, or the kernel loads it when it is asked for.
        }
      }
    }
    if (!missing.isEmpty()) {
      return subject
          .fail("the running kernel has no scheduler " + String.join(", ", missing))
          .expected("a module ip_vs_NAME for each of " + String.join(", ", wanted))
          .evidenceLines("modules.available", "ip_vs_")
          .remedy(Remedy.manual(MORE_MODULES))
          .finding();
    }
    if (!unknown.isEmpty()) {
      return subject.error(
          "whether the kernel has the scheduler "
              + String.join(", ", unknown)
              + " is not known: its list of modules cannot be read");
    }
    return subject.pass("it has " + String.join(", ", wanted)).finding();
  }

  private static Finding device(Subject subject) {
    Optional<String> skip = SkipReasons.notIpip(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    List<String> devices =
        subject.facts().links().get().stream()
            .filter(link -> link.kind().equals("ipip"))
            .map(LinkFacts::name)
            .toList();
    if (!devices.isEmpty()) {
      return subject.pass(String.join(", ", devices)).finding();
    }
    String setting = "net/core/fb_tunnels_only_for_init_net";
    return subject
        .fail("ipip is loaded, but there is no device of that kind")
        .expected("tunl0, or another ipip device")
        .evidence(
            "/proc/sys/" + setting,
            subject
                .facts()
                .sysctls()
                .known()
                .flatMap(sysctls -> sysctls.value(setting))
                .orElse("not visible here"))
        .remedy(
            Remedy.of(
                "Make a device that takes packets from any director; tunl0 is missing if "
                    + setting.replace('/', '.')
                    + " forbids it.",
                new AddTunnelDevice("lvstun0"),
                new SetLinkUp("lvstun0")))
        .finding();
  }

  private static Finding features(Subject subject) {
    Set<String> missing = new TreeSet<>();
    Set<String> wanted = new TreeSet<>();
    Identity identity = subject.facts().identity().get();
    if (subject.member().is(Role.DIRECTOR)) {
      subject.cluster().topology().desired().stream()
          .flatMap(service -> service.realServers().stream())
          .map(RealServer::forwarding)
          .forEach(
              forwarding -> {
                if (forwarding instanceof Forwarding.Tunnel tunnel) {
                  Encapsulation kind = tunnel.encapsulation();
                  boolean checksum = kind.flags() != 0;
                  if (kind.type() != Encapsulation.TYPE_IPIP) {
                    wanted.add(kind.toString());
                    int minor = kind.type() == Encapsulation.TYPE_GUE && !checksum ? 2 : 3;
                    if (!identity.kernelAtLeast(5, minor)) {
                      missing.add(kind + " needs Linux 5." + minor);
                    }
                  }
                }
              });
    }
    if (subject.member().is(Role.REAL_SERVER)) {
      for (Cluster.Use use : subject.cluster().uses(subject.member())) {
        String module =
            switch (use.encapsulation().map(Encapsulation::type).orElse(-1)) {
              case Encapsulation.TYPE_GUE -> "fou";
              case Encapsulation.TYPE_GRE -> "ip_gre";
              default -> "";
            };
        if (!module.isEmpty() && wanted.add("module " + module)) {
          if (subject.facts().modules().get().state(module) == Modules.State.ABSENT) {
            missing.add("the running kernel has no module " + module);
          }
        }
      }
    }
    if (wanted.isEmpty()) {
      return subject.skip("nothing but plain tunnels is asked for");
    }
    if (missing.isEmpty()) {
      return subject.pass("it has what is needed for " + String.join(", ", wanted)).finding();
    }
    return subject
        .wrong(String.join("; ", missing))
        .expected("a kernel that knows " + String.join(", ", wanted))
        .evidence("uname -r", identity.kernel())
        .remedy(Remedy.manual("Use a newer kernel on this host, or plain IP in IP."))
        .finding();
  }

  private static Finding ipip(Subject subject) {
    Optional<String> skip = SkipReasons.notIpip(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Modules modules = subject.facts().modules().get();
    Modules.State state = modules.state("ipip");
    // A device of the kind is proof as well, where neither list can be read.
    boolean device =
        subject.facts().links().known().stream()
            .flatMap(List::stream)
            .anyMatch(link -> link.kind().equals("ipip"));
    if (modules.present("ipip") || device) {
      return subject
          .pass(
              state == Modules.State.BUILT_IN ? "ipip is built into the kernel" : "ipip is loaded")
          .finding();
    }
    Subject.Draft draft =
        switch (state) {
          case LOADABLE ->
              subject
                  .fail("ipip is not loaded, but can be")
                  .remedy(Remedies.module("Load the module ipip, now and at each boot.", "ipip"));
          case ABSENT ->
              subject
                  .fail("ipip is not loaded, and the running kernel has no such module")
                  .remedy(Remedy.manual(MORE_MODULES));
          default ->
              subject
                  .fail("ipip is not loaded; whether it could be is not known")
                  .remedy(Remedies.module("Load the module ipip, now and at each boot.", "ipip"));
        };
    SkipReasons.growth(subject.member(), "Icmp.OutDestUnreachs")
        .ifPresent(text -> draft.evidence("/proc/net/snmp", text));
    return draft
        .expected("ipip loaded or built in")
        .evidence("/sys/module", "no /sys/module/ipip")
        .finding();
  }
}
