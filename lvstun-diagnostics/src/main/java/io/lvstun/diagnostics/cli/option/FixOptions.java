// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.ForeignText;
import io.lvstun.diagnostics.cli.terminal.StepLines;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.repair.Repair;
import io.lvstun.diagnostics.repair.RepairPlan;
import io.lvstun.diagnostics.repair.RepairResult;
import io.lvstun.host.Risk;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Whether and how far to repair what is found.
 *
 * @since 0.1.0
 */
public final class FixOptions {

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--fix",
      description = {
        "Apply the remedies of root causes, for now and for the time after a reboot, and examine"
            + " again. Only harmless ones, without --yes. undo takes them back."
      })
  private boolean fix;

  @Option(
      names = {"-y", "--yes"},
      description = "With --fix: also those that change addresses, routes and packet filters.")
  private boolean yes;

  @Option(names = "--disruptive", description = "With --fix: also those that interrupt traffic.")
  private boolean disruptive;

  @Option(
      names = {"-n", "--dry-run"},
      description = "With --fix: show what would be done, and change nothing.")
  private boolean dryRun;

  @Mixin private DurabilityOptions durability = new DurabilityOptions();

  /** Whether anything is to be repaired, or to be shown. */
  public boolean wanted() {
    return fix;
  }

  /**
   * Refuses options that make no sense.
   *
   * @param live whether there are hosts, and not facts of earlier alone
   */
  public void validate(boolean live) {
    if (!fix && (yes || disruptive || dryRun)) {
      throw new ParameterException(
          spec.commandLine(), "--yes, --disruptive and --dry-run go with --fix");
    }
    if (fix && !dryRun && !live) {
      throw new ParameterException(
          spec.commandLine(), "--fix needs hosts; of saved facts it can show only a --dry-run");
    }
    var unused = durability.durability();
  }

  /**
   * Repairs, or shows what would be done.
   *
   * @param examine examines anew, and leaves out what is not asked for
   * @return the report of the examination after it
   */
  public Report run(Report report, Supplier<Report> examine, PrintWriter out) {
    Repair repair = Repair.of(examine).durability(durability.durability());
    if (yes) {
      repair = repair.allowing(Risk.ADDRESS, Risk.FIREWALL);
    }
    if (disruptive) {
      repair = repair.allowing(Risk.DISRUPTIVE);
    }
    if (dryRun) {
      RepairPlan plan = repair.plan(report);
      out.println(
          plan.steps().isEmpty()
              ? "Nothing to repair."
              : "What --fix would do; nothing has been changed:");
      out.print(ForeignText.clean(plan.toString()));
      out.println();
      out.flush();
      return report;
    }
    StepLines lines = new StepLines(out);
    RepairResult result = repair.run(report, lines::print);
    lines.end(
        result.steps().isEmpty()
            ? "Nothing to repair."
            : result.repaired().size()
                + " repaired, "
                + result.remaining().size()
                + " wrong still; lvstun-doctor undo takes it back.");
    return result.after();
  }
}
