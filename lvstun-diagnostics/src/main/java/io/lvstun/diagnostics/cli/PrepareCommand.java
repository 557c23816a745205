// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.ForeignText;
import io.lvstun.Scheduler;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.cli.option.CardOptions;
import io.lvstun.diagnostics.cli.option.DurabilityOptions;
import io.lvstun.diagnostics.cli.option.RoleOptions;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.StepLines;
import io.lvstun.diagnostics.cli.terminal.Version;
import io.lvstun.diagnostics.repair.Preparation;
import io.lvstun.diagnostics.repair.Profile;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.host.HostChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes hosts ready for their roles. */
@Command(
    name = "prepare",
    description = {
      "Makes hosts ready to be directors and real servers, real servers first.",
      "Doing it twice does nothing the second time; unprepare takes it back."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false)
final class PrepareCommand implements Callable<Integer> {

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private RoleOptions roles = new RoleOptions();
  @Mixin private CardOptions cards = new CardOptions();
  @Mixin private DurabilityOptions durability = new DurabilityOptions();

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description =
          "standard: what LVS-TUN needs. performance: queues, tables, timeouts and segment size for"
              + " many connections besides (default: standard).")
  private Profile profile = Profile.STANDARD;

  @Option(
      names = "--tunnel",
      paramLabel = "KIND",
      split = ",",
      description =
          "Tunnels that real servers open: ipip, gue, gue:PORT or gre (default: ipip; the port of"
              + " gue: 6080).")
  private List<String> tunnels = new ArrayList<>();

  @Option(
      names = "--underlay",
      paramLabel = "FAMILY",
      split = ",",
      description = "Outer addresses of tunnels: ipv4 or ipv6 (default: ipv4).")
  private List<AddressFamily> underlays = new ArrayList<>();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "The directors' device for the virtual addresses (default: the one in whose network each"
              + " is, or else that of the default route).")
  private @Nullable String device;

  @Option(
      names = "--scheduler",
      paramLabel = "NAME",
      split = ",",
      description = "Schedulers whose modules directors load: rr, wlc, mh...")
  private List<String> schedulers = new ArrayList<>();

  @Option(
      names = "--mss",
      paramLabel = "BYTES",
      description = "The segment size that real servers announce to clients.")
  private @Nullable Integer segmentSize;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Show what would be done, and change nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    var unused = durability.durability();
    Topology topology = roles.topology(root.console().in());
    if (topology.addresses().isEmpty()) {
      throw new ParameterException(spec.commandLine(), "a virtual address is missing: --vip");
    }
    List<Preparation> preparations = new ArrayList<>();
    try {
      for (Preparation preparation : roles.preparations(topology)) {
        preparations.add(with(preparation));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    if (dryRun) {
      root.console().out().println("What prepare would do; nothing has been changed:");
      for (Preparation preparation : preparations) {
        root.console().out().print(ForeignText.clean(preparation.plan().toString()));
      }
      root.console().out().flush();
      return ExitStatus.OK;
    }
    StepLines lines = new StepLines(root.console().out());
    List<StepResult> results = new ArrayList<>();
    for (Preparation preparation : preparations) {
      results.addAll(preparation.plan().apply(lines::print));
      if (StepLines.status(results, false) != ExitStatus.OK) {
        // A director must not send to a real server that is not ready.
        lines.end("Stopped; lvstun-doctor unprepare takes back what was done.");
        break;
      }
    }
    return StepLines.status(results, false);
  }

  private Preparation with(Preparation preparation) {
    Preparation result =
        preparation
            .profile(profile)
            .durability(durability.durability())
            .change(cards.changes().toArray(HostChange[]::new));
    if (preparation.role() == Role.DIRECTOR) {
      if (device != null) {
        result = result.device(device);
      }
      return result.schedulers(schedulers.stream().map(Scheduler::named).toArray(Scheduler[]::new));
    }
    if (!tunnels.isEmpty()) {
      result =
          result.encapsulation(
              tunnels.stream().map(PrepareCommand::tunnel).toArray(Encapsulation[]::new));
    }
    if (!underlays.isEmpty()) {
      result = result.underlay(underlays.toArray(AddressFamily[]::new));
    }
    return segmentSize == null ? result : result.segmentSize(segmentSize);
  }

  private static Encapsulation tunnel(String text) {
    String kind = text.toLowerCase(Locale.ROOT);
    if (kind.matches("gue:[0-9]{1,5}")) {
      return Encapsulation.gue(Integer.parseInt(kind.substring(4)));
    }
    return switch (kind) {
      case "ipip" -> Encapsulation.ipip();
      case "gue" -> Encapsulation.gue(6080);
      case "gre" -> Encapsulation.gre();
      default ->
          throw new IllegalArgumentException(
              "--tunnel must be ipip, gue, gue:PORT or gre, not " + ForeignText.clean(text));
    };
  }
}
