// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import io.lvstun.ForeignText;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * Tells of steps as they are taken, a line each. Thread-safe.
 *
 * @since 0.1.0
 */
public final class StepLines {

  private final PrintWriter out;

  public StepLines(PrintWriter out) {
    this.out = out;
  }

  public void print(StepResult step) {
    String line =
        String.format(
            Locale.ROOT,
            "%-7s %s: %s%s%s",
            step.state().name().toLowerCase(Locale.ROOT),
            step.host(),
            step.step(),
            step.lasting() ? " [after a reboot]" : "",
            step.detail().isEmpty() ? "" : " (" + step.detail() + ")");
    synchronized (this) {
      out.println(ForeignText.clean(line).replace('\n', ' '));
      out.flush();
    }
  }

  public void end(String text) {
    synchronized (this) {
      out.println(text);
      out.println();
      out.flush();
    }
  }

  /** The exit status: whether something failed, or was left. */
  public static int status(List<StepResult> steps, boolean leftCounts) {
    if (steps.stream().anyMatch(step -> step.state() == State.FAILED)) {
      return ExitStatus.FAIL;
    }
    return leftCounts && steps.stream().anyMatch(step -> step.state() == State.LEFT)
        ? ExitStatus.WARN
        : ExitStatus.OK;
  }
}
