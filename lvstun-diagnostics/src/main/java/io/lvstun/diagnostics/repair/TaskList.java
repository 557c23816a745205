// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.model.PersistentLine;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.repair.persist.CardService;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.diagnostics.repair.persist.FileFormat;
import io.lvstun.diagnostics.repair.persist.NetworkFiles;
import io.lvstun.diagnostics.repair.persist.NetworkStatement;
import io.lvstun.diagnostics.repair.persist.OwnFile;
import io.lvstun.host.AddTunnelDevice;
import io.lvstun.host.CardChange;
import io.lvstun.host.ClampSegmentSize;
import io.lvstun.host.HostChange;
import io.lvstun.host.InsertFirewallRule;
import io.lvstun.host.InstallFile;
import io.lvstun.host.LoadModule;
import io.lvstun.host.ManualChange;
import io.lvstun.host.OpenGuePort;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import io.lvstun.host.ServiceUnit;
import io.lvstun.host.SetAddress;
import io.lvstun.host.SetLinkUp;
import io.lvstun.host.SetSysctl;
import io.lvstun.host.SetTunnelMode;
import io.lvstun.network.Tunnel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes the tasks for one host: for each step one for now, and one for the time after a reboot,
 * where there is a place for it. Not thread-safe.
 */
final class TaskList {

  private static final Pattern INCLUDE =
      Pattern.compile("include\\s+\"(/etc/[A-Za-z0-9._/-]*/)\\*(\\.[a-z]+)\"");
  private static final String WORD = "[A-Za-z0-9_.:/{},@\"-]+";

  /** Read by systemd, and by the init scripts of Alpine. */
  private static final String MODULES_FILE = "/etc/modules-load.d/lvstun.conf";

  /** Read after what distributions set. */
  private static final String SYSCTL_FILE = "/etc/sysctl.d/90-lvstun.conf";

  private final String host;
  private final HostFacts facts;
  private final Durability durability;
  private final Predicate<Risk> allowed;
  private final NetworkFiles network;
  private final List<Task> tasks = new ArrayList<>();
  private final Set<HostChange> seen = new LinkedHashSet<>();
  private final Map<String, String> sysctls = new LinkedHashMap<>();
  private int group;

  TaskList(String host, HostFacts facts, Durability durability, Predicate<Risk> allowed) {
    this.host = host;
    this.facts = facts;
    this.durability = durability;
    this.allowed = allowed;
    this.network = new NetworkFiles(facts, durability.network());
  }

  List<Task> tasks() {
    return List.copyOf(tasks);
  }

  /** The greatest risk of what a program can do of it. */
  static Risk risk(Remedy remedy) {
    Risk greatest = Risk.SAFE;
    boolean some = false;
    for (HostChange action : remedy.actions()) {
      if (!(action instanceof ManualChange)) {
        some = true;
        greatest = action.risk().compareTo(greatest) > 0 ? action.risk() : greatest;
      }
    }
    return some ? greatest : Risk.MANUAL;
  }

  /** Adds a remedy: all of its steps, or none. */
  void add(String cause, Remedy remedy) {
    group++;
    Risk risk = risk(remedy);
    Map<String, List<String>> devices = new LinkedHashMap<>();
    List<InsertFirewallRule> rules = new ArrayList<>();
    for (HostChange change : remedy.actions()) {
      if (change instanceof ManualChange) {
        manual(cause, change.text(), false);
        continue;
      }
      now(cause, change, risk);
      lasting(change, devices);
      if (change instanceof InsertFirewallRule rule) {
        rules.add(rule);
      } else if (change.risk() == Risk.FIREWALL) {
        unsaved(cause, change);
      } else if (change instanceof SetAddress address && !address.add()) {
        configured(cause, address);
      } else if (change instanceof RunCommand command
          && command.atBoot()
          && durability.wanted()
          && remedy.persistent().isEmpty()) {
        manual(cause, "see to it that this is done at boot as well: " + command.text(), true);
      }
    }
    if (remedy.actions().isEmpty()) {
      manual(cause, remedy.text(), false);
      return;
    }
    if (!durability.wanted()) {
      return;
    }
    for (PersistentLine line : remedy.persistent()) {
      lasting(cause, line, risk);
    }
    devices.forEach((device, statements) -> device(cause, device, statements, risk));
    rules.forEach(rule -> rule(cause, rule, risk));
  }

  /** Adds what a role needs: each change a step of its own. */
  void addAll(String cause, RoleSteps.Steps steps) {
    Map<String, List<String>> devices = new LinkedHashMap<>();
    List<String> modules = new ArrayList<>();
    List<String> settings = new ArrayList<>();
    Map<String, List<HostChange>> cards = new LinkedHashMap<>();
    for (HostChange change : steps.changes()) {
      group++;
      if (change instanceof InstallFile file) {
        install(cause, file);
        continue;
      }
      boolean address = change instanceof SetAddress || change instanceof ClampSegmentSize;
      Risk own = change.risk() == Risk.DISRUPTIVE ? Risk.DISRUPTIVE : Risk.SAFE;
      now(cause, change, address ? Risk.ADDRESS : own);
      lasting(change, devices);
      if (change instanceof CardChange card) {
        cards.computeIfAbsent(card.device(), device -> new ArrayList<>()).add(card);
      }
      if (change instanceof LoadModule module) {
        modules.add(module.name());
      } else if (change instanceof SetSysctl sysctl) {
        settings.add(sysctl.name() + " = " + sysctl.value());
      }
    }
    steps.manual().forEach(text -> manual(cause, text, true));
    if (!durability.wanted()) {
      return;
    }
    group++;
    lines(cause, MODULES_FILE, modules);
    lines(cause, SYSCTL_FILE, settings);
    devices.forEach((device, statements) -> device(cause, device, statements, Risk.ADDRESS));
    cards.forEach((device, changes) -> card(cause, device, changes));
  }

  /** A file that lasts by itself. */
  private void install(String cause, InstallFile file) {
    if (durability.wanted()) {
      tasks.add(
          new Task(
              new PlannedStep(
                  host, cause, file.text(), file.risk(), true, allowed.test(file.risk()), ""),
              file,
              group));
    } else {
      manual(cause, file.text() + ": left, as nothing is to last", true);
    }
  }

  /** A service of systemd that makes the changes of a card at each boot. */
  private void card(String cause, String device, List<HostChange> changes) {
    List<String> commands =
        changes.stream().map(change -> CardService.statement(change.command())).toList();
    Optional<String> name = CardService.name(device);
    if (name.isEmpty() || facts.text("files").known().orElse("").contains("/etc/alpine-release:")) {
      manual(
          cause,
          "there is no systemd here; see to it that this is done at boot: "
              + String.join(" && ", commands),
          true);
      return;
    }
    OwnFile file =
        new OwnFile("/etc/systemd/system/" + name.get(), FileFormat.CARD_SERVICE, device, commands);
    file(cause, file, Risk.SAFE, "");
    ServiceUnit unit = new ServiceUnit(name.get(), durability.rootFor(host).orElse(""), false);
    tasks.add(
        new Task(
            new PlannedStep(host, cause, unit.text(), Risk.SAFE, true, true, ""), unit, group));
  }

  private void lines(String cause, String path, List<String> lines) {
    if (!lines.isEmpty()) {
      String note =
          lines.stream()
              .map(line -> overridden(path.substring(path.lastIndexOf('/') + 1), line))
              .filter(text -> !text.isEmpty())
              .distinct()
              .collect(Collectors.joining("; "));
      file(cause, new OwnFile(path, FileFormat.LINES, "", lines), Risk.SAFE, note);
    }
  }

  private void now(String cause, HostChange change, Risk risk) {
    String note = "";
    boolean possible = true;
    if (change instanceof SetSysctl sysctl) {
      String other = sysctls.putIfAbsent(sysctl.path(), sysctl.value());
      if (other != null && !other.equals(sysctl.value())) {
        note = "another remedy sets it to " + other;
        possible = false;
      }
    }
    if (possible && !seen.add(change)) {
      return;
    }
    tasks.add(
        new Task(
            new PlannedStep(
                host, cause, change.text(), risk, false, possible && allowed.test(risk), note),
            possible ? change : null,
            group));
  }

  private void manual(String cause, String text, boolean lasting) {
    PlannedStep step =
        new PlannedStep(host, cause, text, Risk.MANUAL, lasting, false, "for people to do");
    if (tasks.stream().noneMatch(task -> task.shown().equals(step))) {
      tasks.add(new Task(step, null, group));
    }
  }

  private void file(String cause, OwnFile file, Risk risk, String note) {
    if (seen.add(file)) {
      tasks.add(
          new Task(
              new PlannedStep(host, cause, file.text(), risk, true, allowed.test(risk), note),
              file,
              group));
    }
  }

  // ---- what lasts ----

  private static void lasting(HostChange change, Map<String, List<String>> devices) {
    if (change instanceof SetLinkUp link && NetworkFiles.own(link.device())) {
      of(devices, link.device()).add(NetworkStatement.UP);
    } else if (change instanceof SetAddress address && address.add()) {
      of(devices, address.device()).add(NetworkStatement.address(address.network()));
    } else if (change instanceof SetTunnelMode mode) {
      of(devices, mode.device()).add(NetworkStatement.MODE_ANY);
    } else if (change instanceof OpenGuePort gue) {
      List<String> statements = of(devices, gue.six() ? "ip6tnl0" : "tunl0");
      statements.add(NetworkStatement.module(gue.six() ? "fou6" : "fou"));
      statements.add(NetworkStatement.gue(gue.six(), gue.port()));
    } else if (change instanceof AddTunnelDevice tunnel && NetworkFiles.own(tunnel.device())) {
      List<String> statements = of(devices, tunnel.device());
      statements.add(NetworkStatement.module("ipip"));
      statements.add(NetworkStatement.CREATE);
    }
  }

  private static List<String> of(Map<String, List<String>> devices, String device) {
    return devices.computeIfAbsent(
        device,
        name -> {
          List<String> statements = new ArrayList<>();
          if (NetworkFiles.own(name)) {
            statements.add(NetworkStatement.OWN);
            Tunnel.Kind.ofFallbackDevice(name)
                .ifPresent(kind -> statements.add(NetworkStatement.module(kind.module())));
          }
          return statements;
        });
  }

  private void device(String cause, String device, List<String> statements, Risk risk) {
    NetworkFiles.Lasting lasting = network.device(device, statements.stream().distinct().toList());
    lasting.files().forEach(file -> file(cause, file, risk, ""));
    if (!lasting.manual().isEmpty()) {
      manual(cause, lasting.manual(), true);
    }
  }

  private void lasting(String cause, PersistentLine line, Risk risk) {
    String name = line.file().substring(line.file().lastIndexOf('/') + 1);
    boolean ours =
        line.file().matches("/etc/[A-Za-z0-9._/-]+")
            && !line.file().contains("/../")
            && name.contains("lvstun")
            && line.line().matches("[ -~]{1,512}")
            && !line.line().startsWith("#");
    if (!ours) {
      manual(cause, "add to " + line.file() + ": " + line.line(), true);
      return;
    }
    OwnFile file = new OwnFile(line.file(), FileFormat.LINES, "", List.of(line.line()));
    file(cause, file, risk, overridden(name, line.line()));
  }

  /** What sets the same parameter to something else, and is read later. */
  private String overridden(String name, String line) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      return "";
    }
    String key = key(line.substring(0, equals));
    String value = line.substring(equals + 1).strip();
    for (Map.Entry<String, String> file :
        facts.configuration().known().orElse(Map.of()).entrySet()) {
      String path = file.getKey();
      boolean later =
          path.equals("/etc/sysctl.conf")
              || (path.contains("/sysctl.d/")
                  && path.substring(path.lastIndexOf('/') + 1).compareTo(name) > 0);
      if (!later) {
        continue;
      }
      for (String other : file.getValue().lines().toList()) {
        int at = other.indexOf('=');
        if (at > 0
            && key(other.substring(0, at)).equals(key)
            && !other.substring(at + 1).strip().equals(value)) {
          return path + " sets it otherwise, and is read later: change it there as well";
        }
      }
    }
    return "";
  }

  private static String key(String name) {
    String plain = name.strip();
    return (plain.startsWith("-") ? plain.substring(1) : plain).replace('/', '.');
  }

  private void configured(String cause, SetAddress address) {
    String plain = address.address();
    for (Map.Entry<String, String> file :
        facts.configuration().known().orElse(Map.of()).entrySet()) {
      boolean named =
          file.getValue()
              .lines()
              .flatMap(line -> java.util.Arrays.stream(line.split("[\\s=\"',/]+")))
              .anyMatch(plain::equals);
      if (named) {
        manual(cause, file.getKey() + " names " + plain + ": take it out there as well", true);
      }
    }
  }

  // ---- packet filters ----

  private void rule(String cause, InsertFirewallRule rule, Risk risk) {
    String text = String.join(" ", rule.command().subList(1, rule.command().size()));
    Optional<String> folder = included();
    if (folder.isPresent() && rule.command().stream().allMatch(word -> word.matches(WORD))) {
      file(cause, new OwnFile(folder.get(), FileFormat.NFTABLES, "", List.of(text)), risk, "");
    } else {
      manual(cause, "add to /etc/nftables.conf, after its tables: " + text, true);
    }
  }

  /**
   * The file of ours that nftables.conf includes after its tables. Before them it would name chains
   * that are not there yet, and the whole packet filter would not be loaded.
   */
  private Optional<String> included() {
    for (String path : List.of("/etc/nftables.conf", "/etc/sysconfig/nftables.conf")) {
      String text = facts.configuration().known().orElse(Map.of()).getOrDefault(path, "");
      Optional<String> found = Optional.empty();
      for (String line : text.lines().map(String::strip).toList()) {
        Matcher include = INCLUDE.matcher(line);
        if (include.matches()) {
          found = Optional.of(include.group(1) + "90-lvstun" + include.group(2));
        } else if (line.startsWith("table ") || line.startsWith("flush ")) {
          found = Optional.empty();
        }
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private void unsaved(String cause, HostChange change) {
    if (!durability.wanted()) {
      return;
    }
    boolean saved =
        facts.configuration().known().orElse(Map.of()).containsKey("/etc/iptables/rules.v4");
    manual(
        cause,
        (saved
                ? "let it last with: netfilter-persistent save, which keeps all rules of now: "
                : "let it last in the way that this host keeps its packet filter: ")
            + change.text(),
        true);
  }
}
