// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.ForeignText;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.cli.option.TopologyOptions;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.StepLines;
import io.lvstun.diagnostics.cli.terminal.Version;
import io.lvstun.diagnostics.repair.Undo;
import io.lvstun.diagnostics.repair.journal.JournalledRun;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.host.Host;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Takes back what a repair or a preparation did. */
@Command(
    name = "undo",
    description = {
      "Takes back what check --fix or prepare did, by the journals on the hosts.",
      "What somebody else has changed since is left, and said."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false)
final class UndoCommand implements Callable<Integer> {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description =
          "The run to take back: its number, latest, or list to show them all (default: latest).")
  private String run = "latest";

  @Option(
      names = {"-l", "--list"},
      description = "Show what the hosts' journals hold; change nothing.")
  private boolean list;

  @Mixin private TopologyOptions hosts = new TopologyOptions();

  @Override
  public Integer call() {
    Undo undo = undo();
    if (list || run.equals("list")) {
      List<JournalledRun> runs = undo.runs();
      for (JournalledRun each : runs) {
        root.console().out().println(ForeignText.clean(each.at() + "  " + each));
      }
      if (runs.isEmpty()) {
        root.console().out().println("Nothing has been done here.");
      }
      root.console().out().flush();
      return ExitStatus.OK;
    }
    StepLines lines = new StepLines(root.console().out());
    List<StepResult> results;
    if (run.equals("latest")) {
      results = undo.latest(lines::print);
      if (results.isEmpty()) {
        lines.end("There is nothing to take back.");
      }
    } else {
      try {
        results = undo.run(run, lines::print);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
      }
    }
    return StepLines.status(results, true);
  }

  private Undo undo() {
    @Nullable Topology topology =
        hosts.given() ? hosts.topology(root.console().in(), DEADLINE) : null;
    return topology == null ? Undo.on(Host.local()) : Undo.on(topology);
  }
}
