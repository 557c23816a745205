// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.repair.journal.StepResult;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a repair did, and what the examination after it found.
 *
 * @param before the report that the repair began with
 * @param steps what became of each step
 * @param after the report of the examination after the last step
 * @since 0.1.0
 */
public record RepairResult(Report before, List<StepResult> steps, Report after) {

  /** Copies the list. */
  public RepairResult {
    steps = List.copyOf(steps);
  }

  /**
   * Returns what was wrong and now passes.
   *
   * @return the findings of the later report
   */
  public List<Finding> repaired() {
    Set<String> wrong =
        before.findings().stream()
            .filter(Finding::wrong)
            .map(RepairResult::key)
            .collect(Collectors.toSet());
    return after.findings().stream()
        .filter(finding -> finding.status() == Status.PASS && wrong.contains(key(finding)))
        .toList();
  }

  /**
   * Returns what is wrong still, or only now.
   *
   * @return the findings of the later report, root causes first
   */
  public List<Finding> remaining() {
    return after.findings().stream().filter(Finding::wrong).toList();
  }

  private static String key(Finding finding) {
    return finding.code() + " " + finding.host();
  }
}
