// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import io.lvstun.AddressFamily;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Decapsulation;
import io.lvstun.diagnostics.check.relation.FilterRemedy;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.check.relation.TestPackets;
import io.lvstun.diagnostics.check.tunnel.TunnelChecks;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Ruling;
import io.lvstun.diagnostics.facts.firewall.FirewallRule;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.Identity;
import io.lvstun.diagnostics.facts.machine.PersistentSettings;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * RPF: the reverse path filter, on the device that really takes packets out of the tunnel.
 *
 * @since 0.1.0
 */
public final class ReversePathChecks {

  private static final String SETTING = "rp_filter";

  private ReversePathChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.STRICT_FILTER, "decap-rp-filter")
            .title("The reverse path filter accepts decapsulated packets")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_UP)
            .symptomOf(Codes.ALL_WINS, Codes.TUNNEL_WINNER)
            .symptom(
                "Clients wait until they time out; the SYN is seen on tunl0, no answer; the"
                    + " director's connections stay SYN_RECV")
            .why(
                "A client's packet comes out of the tunnel device, and the way back to the client"
                    + " leads over another one. The strict filter (1) drops such packets. What"
                    + " counts is the greater of conf/all and that of the device that takes the"
                    + " packets out.")
            .remedy("Set rp_filter of the tunnel device to 2: the greater value wins.")
            .source("Linux ip-sysctl.rst, rp_filter; measured: IPReversePathFilter grows")
            .examine(ReversePathChecks::strict),
        Check.of(Codes.ALL_WINS, "all-rp-filter-wins")
            .title("The rp_filter of \"all\" does not override the tunnel's")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_UP)
            .symptom("rp_filter of tunl0 was set to 0, and clients still time out")
            .why(
                "conf/all is no default: the kernel takes the greater of it and the device's own."
                    + " With 1 there, 0 on the device has no effect.")
            .remedy("Set the tunnel device's own to 2, or both to 0.")
            .source("Linux ip-sysctl.rst, rp_filter; measured")
            .examine(ReversePathChecks::allWins),
        Check.of(Codes.RP_FILTER_STAYS, "rp-filter-stays")
            .title("The reverse path filter setting survives a reboot")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.STRICT_FILTER, Codes.ALL_WINS)
            .symptom("It works, until the host boots or the tunnel device is made anew")
            .why(
                "A device begins with the value of conf/default, and files in sysctl.d, which"
                    + " distributions bring along, set it again.")
            .remedy("Pin the device's own value in a file of sysctl.d that is read late.")
            .source("sysctl.d(5)")
            .examine(ReversePathChecks::stays),
        Check.of(Codes.FILTER_RULE, "reverse-path-rule")
            .title("No firewall rule filters by reverse path")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_UP)
            .symptom("As with rp_filter, but no counter of the kernel moves")
            .why(
                "\"-m rpfilter\" of iptables and \"fib saddr . iif\" of nftables check the way back"
                    + " as well, whatever rp_filter says; firewalld brings such a rule along.")
            .remedy("Accept the tunnel device before that rule.")
            .source("iptables-extensions(8), nft(8)")
            .examine(ReversePathChecks::rule));
  }

  private static Finding strict(Subject subject) {
    List<LinkFacts> devices = devices(subject);
    if (devices.isEmpty()) {
      return subject.skip("no tunnel with IPv4 inside leads to it");
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    List<String> values = new ArrayList<>();
    List<LinkFacts> strict = new ArrayList<>();
    for (LinkFacts device : devices) {
      values.add(ArpChecks.settings(sysctls, SETTING, device.name()));
      if (sysctls.effective(SETTING, device.name()) == 1) {
        strict.add(device);
      }
    }
    String evidence = String.join("\n", values);
    if (strict.isEmpty()) {
      return subject
          .pass("rp_filter lets packets of " + names(devices) + " in")
          .evidence("/proc/sys/net/ipv4/conf", evidence)
          .finding();
    }
    return counted(
            subject,
            subject
                .fail("the effective rp_filter of " + names(strict) + " is 1, strict")
                .expected("max(conf/all, conf/DEVICE) of rp_filter 2 or 0")
                .evidence("/proc/sys/net/ipv4/conf", evidence)
                .remedy(loose(strict)))
        .finding();
  }

  private static Remedy loose(List<LinkFacts> devices) {
    Remedy remedy = Remedy.of("Set rp_filter of the tunnel device to 2, loose: it wins over 1.");
    for (LinkFacts device : devices) {
      remedy = Remedies.sysctl(remedy, Sysctls.conf(device.name(), SETTING), 2);
    }
    return remedy;
  }

  private static Subject.Draft counted(Subject subject, Subject.Draft draft) {
    SkipReasons.growth(subject.member(), "TcpExt.IPReversePathFilter")
        .ifPresent(text -> draft.evidence("/proc/net/netstat", text));
    return draft;
  }

  private static Finding allWins(Subject subject) {
    List<LinkFacts> devices = devices(subject);
    if (devices.isEmpty()) {
      return subject.skip("no tunnel with IPv4 inside leads to it");
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    int all = sysctls.required(Sysctls.conf("all", SETTING));
    List<LinkFacts> undone = new ArrayList<>();
    for (LinkFacts device : devices) {
      if (all == 1 && sysctls.required(Sysctls.conf(device.name(), SETTING)) == 0) {
        undone.add(device);
      }
    }
    if (undone.isEmpty()) {
      return subject
          .pass("conf/all is " + all)
          .evidence("/proc/sys/net/ipv4/conf/all/rp_filter", Integer.toString(all))
          .finding();
    }
    return counted(
            subject,
            subject
                .fail(
                    "rp_filter of "
                        + names(undone)
                        + " is 0, but that of all devices is 1 and wins")
                .expected("conf/all other than 1, or 2 on the device")
                .evidence(
                    "/proc/sys/net/ipv4/conf",
                    ArpChecks.settings(sysctls, SETTING, undone.get(0).name()))
                .remedy(loose(undone)))
        .finding();
  }

  private static List<LinkFacts> devices(Subject subject) {
    return Decapsulation.devices(subject.cluster(), subject.member(), AddressFamily.IPV4);
  }

  private static Finding stays(Subject subject) {
    List<LinkFacts> devices = devices(subject);
    if (devices.isEmpty()) {
      return subject.skip("no tunnel with IPv4 inside leads to it");
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    int beginning = sysctls.required(Sysctls.conf("default", SETTING));
    Identity identity = subject.facts().identity().get();
    if (identity.ownNamespace()) {
      // Files of the machine set nothing in here.
      return beginning == 1
          ? subject
              .note("a device that is made anew begins with rp_filter 1")
              .evidence("/proc/sys/net/ipv4/conf/default/rp_filter", "1")
              .finding()
          : subject.pass("a device that is made anew begins with " + beginning).finding();
    }
    PersistentSettings files = subject.facts().persistentSettings().get();
    Remedy remedy = Remedy.of("Pin the device's own value, in a file that is read late.");
    List<String> reasons = new ArrayList<>();
    for (LinkFacts device : devices) {
      String path = Sysctls.conf(device.name(), SETTING);
      OptionalInt pinned = files.number(path);
      int after =
          Math.max(
              files.number(Sysctls.conf("all", SETTING)).orElse(0),
              pinned.orElse(files.number(Sysctls.conf("default", SETTING)).orElse(beginning)));
      if (after == 1) {
        boolean address = TunnelChecks.hasIpv4(subject.facts().addresses().get(), device);
        int value = address ? 2 : sysctls.required(path);
        remedy = Remedies.sysctl(remedy, path, value);
        reasons.add(device.name() + " will have rp_filter 1" + source(files, path));
      }
    }
    if (reasons.isEmpty()) {
      return subject.pass("what the files say lets packets in as well").finding();
    }
    return subject
        .warn(String.join("; ", reasons))
        .expected("2 for the tunnel device in a file of sysctl.d")
        .evidence("/proc/sys/net/ipv4/conf/default/rp_filter", Integer.toString(beginning))
        .remedy(remedy)
        .finding();
  }

  private static String source(PersistentSettings files, String path) {
    return files
        .sysctl(path)
        .or(() -> files.sysctl(Sysctls.conf("all", SETTING)))
        .or(() -> files.sysctl(Sysctls.conf("default", SETTING)))
        .map(setting -> ", from " + setting.file())
        .orElse(", as conf/default says");
  }

  private static Finding rule(Subject subject) {
    List<LinkFacts> devices = devices(subject);
    if (devices.isEmpty()) {
      return subject.skip("no tunnel with IPv4 inside leads to it");
    }
    Firewall firewall = subject.facts().firewall().get();
    for (LinkFacts device : devices) {
      Packet packet = Packet.ipv4(6).arrivingOn(device.name()).inState("new");
      Optional<ServiceKey.Endpoint> endpoint =
          SkipReasons.endpoints(subject).stream()
              .filter(one -> one.family() == AddressFamily.IPV4)
              .findFirst();
      if (endpoint.isPresent()) {
        packet = TestPackets.packetFor(endpoint.get()).arrivingOn(device.name()).inState("new");
      }
      for (Hook hook : List.of(Hook.PREROUTING, Hook.INPUT)) {
        Optional<Ruling> rule =
            firewall.doubts(hook, packet).stream()
                .filter(ReversePathChecks::strictRule)
                .findFirst();
        if (rule.isPresent()) {
          return subject
              .fail("a rule drops what comes out of " + device.name() + ", for its way back")
              .expected("the tunnel device accepted before that rule")
              .evidence("packet filter", rule.get().toString())
              .remedy(
                  FilterRemedy.accept(
                      "Accept what comes out of the tunnel device before that rule.",
                      Codes.FILTER_RULE,
                      firewall,
                      rule,
                      hook,
                      packet.withoutState()))
              .finding();
        }
      }
    }
    return subject.pass("no rule asks for the way back").finding();
  }

  private static boolean strictRule(Ruling ruling) {
    String rule = ruling.rule().map(FirewallRule::text).orElse("");
    return (rule.contains("rpfilter") && !rule.contains("--loose"))
        || (rule.contains("fib") && rule.contains("saddr") && rule.contains("iif"));
  }

  private static String names(List<LinkFacts> links) {
    return SkipReasons.words(links.stream().map(LinkFacts::name).toList());
  }
}
