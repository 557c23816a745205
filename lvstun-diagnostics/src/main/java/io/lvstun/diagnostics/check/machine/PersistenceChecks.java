// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Decapsulation;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.Segments;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.Identity;
import io.lvstun.diagnostics.facts.machine.Modules;
import io.lvstun.diagnostics.facts.machine.PersistentSettings;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.LoadModule;
import io.lvstun.host.SetAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * KRN: what works now, and whether it will after a reboot.
 *
 * @since 0.1.0
 */
public final class PersistenceChecks {

  private PersistenceChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of("KRN-005", "survives-reboot")
            .title("Current settings survive a reboot")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("It works until the host is rebooted")
            .why(
                "modprobe, sysctl -w and ip address change the running kernel only. At boot,"
                    + " modules come from modules-load.d, kernel parameters from sysctl.d, and"
                    + " addresses from the network's configuration.")
            .remedy("Write each of them into the file that the host reads at boot.")
            .source("modules-load.d(5), sysctl.d(5), systemd.network(5), interfaces(5)")
            .examine(PersistenceChecks::survives));
  }

  /**
   * What would be lost, and what keeps it. The steps of the remedy change nothing now, as all of it
   * is so already; they tell what the files must bring about.
   */
  private static final class Losses {
    private final List<String> lost = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private Remedy remedy = Remedy.of("Write it into the files that are read at boot.");

    void keep(String what, String file) {
      kept.add(what + ": " + file);
    }
  }

  private static Finding survives(Subject subject) {
    Identity identity = subject.facts().identity().get();
    if (identity.ownNamespace()) {
      return subject.skip("it is a network namespace: the machine's files are not for it");
    }
    PersistentSettings files = subject.facts().persistentSettings().get();
    Losses losses = new Losses();
    modules(subject, files, losses);
    addresses(subject, files, losses);
    if (subject.member().is(Role.REAL_SERVER)) {
      parameters(subject, files, losses);
    }
    String evidence = losses.kept.isEmpty() ? "nothing" : String.join("\n", losses.kept);
    if (losses.lost.isEmpty()) {
      return subject
          .pass(losses.kept.isEmpty() ? "there is nothing to keep" : "all of it is kept")
          .evidence("configuration files", evidence)
          .finding();
    }
    return subject
        .warn("a reboot loses " + String.join(", ", losses.lost))
        .expected("each of them in a file that is read at boot")
        .evidence("configuration files", "kept: " + evidence)
        .remedy(losses.remedy)
        .finding();
  }

  private static void modules(Subject subject, PersistentSettings files, Losses losses) {
    Set<String> needed = new LinkedHashSet<>();
    if (subject.member().is(Role.DIRECTOR)) {
      needed.add("ip_vs");
    }
    if (subject.member().is(Role.REAL_SERVER) && SkipReasons.notIpip(subject).isEmpty()) {
      needed.add("ipip");
    }
    Modules modules = subject.facts().modules().get();
    for (String module : needed) {
      if (modules.state(module) != Modules.State.LOADED) {
        continue;
      }
      Optional<String> file =
          files
              .module(module)
              .or(() -> module.equals("ipip") ? files.networkFile("tunl0") : Optional.empty())
              .or(() -> module.equals("ipip") ? files.networkFile("ipip") : Optional.empty())
              // keepalived loads it itself.
              .or(
                  () ->
                      module.equals("ip_vs")
                          ? files.networkFile("virtual_server")
                          : Optional.empty());
      if (file.isPresent()) {
        losses.keep("module " + module, file.get());
      } else {
        losses.lost.add("the module " + module);
        losses.remedy =
            losses.remedy.then(new LoadModule(module)).lasting(Remedies.MODULES_FILE, module);
      }
    }
  }

  private static void addresses(Subject subject, PersistentSettings files, Losses losses) {
    List<Address> own = subject.facts().addresses().get();
    for (InetAddress virtual : subject.cluster().virtualAddresses()) {
      Optional<Address> address =
          own.stream().filter(one -> one.address().equals(virtual)).findFirst();
      if (address.isEmpty()) {
        continue;
      }
      Optional<String> file = files.networkFile(virtual);
      if (file.isPresent()) {
        losses.keep(IpAddress.format(virtual), file.get());
      } else {
        losses.lost.add("the address " + address.get());
        losses.remedy =
            losses.remedy.then(
                SetAddress.present(address.get().device(), virtual, address.get().prefixLength()));
      }
    }
  }

  /** The settings of a real server that are right now, but would not be. */
  private static void parameters(Subject subject, PersistentSettings files, Losses losses) {
    Sysctls sysctls = subject.facts().sysctls().get();
    for (LinkFacts device :
        Decapsulation.devices(subject.cluster(), subject.member(), AddressFamily.IPV4)) {
      int now = sysctls.effective("rp_filter", device.name());
      parameter(files, losses, "rp_filter", device, now != 1, now, value -> value != 1);
    }
    for (LinkFacts card : Segments.shared(subject.cluster(), subject.member())) {
      int ignore = sysctls.effective("arp_ignore", card.name());
      parameter(files, losses, "arp_ignore", card, quiet(ignore), ignore, PersistenceChecks::quiet);
      int announce = sysctls.effective("arp_announce", card.name());
      parameter(files, losses, "arp_announce", card, announce == 2, announce, value -> value == 2);
    }
  }

  private static boolean quiet(int ignore) {
    return ignore == 1 || ignore == 2 || ignore == 8;
  }

  private static void parameter(
      PersistentSettings files,
      Losses losses,
      String name,
      LinkFacts device,
      boolean right,
      int now,
      java.util.function.IntPredicate rightLater) {
    if (!right) {
      return;
    }
    String path = Sysctls.conf(device.name(), name);
    if (rightLater.test(files.effective(name, device.name()))) {
      files
          .sysctl(path)
          .or(() -> files.sysctl(Sysctls.conf("all", name)))
          .ifPresent(setting -> losses.keep(name + " of " + device.name(), setting.file()));
    } else {
      losses.lost.add(name + " of " + device.name());
      losses.remedy = Remedies.sysctl(losses.remedy, path, now);
    }
  }
}
