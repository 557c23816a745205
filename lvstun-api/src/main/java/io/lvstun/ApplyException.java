// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.OptionalInt;

/**
 * Some changes of a plan could not be made. The cause is the first failure; {@link #report()} tells
 * what was done, what failed, and what was taken back.
 *
 * @since 0.1.0
 */
public final class ApplyException extends LvsException {

  private static final long serialVersionUID = 1L;

  private final transient ApplyReport report;

  ApplyException(String driver, ApplyReport report) {
    super(failure(driver, report), report.failed().get(0).error());
    this.report = report;
  }

  private static Failure failure(String driver, ApplyReport report) {
    LvsException first = report.failed().get(0).error();
    StringBuilder reason = new StringBuilder(report.toString());
    reason.append("; first failure: cannot ").append(first.operation());
    reason.append(' ').append(first.target()).append(": ").append(first.reason());
    OptionalInt code = first.code();
    String hint =
        report.notUndone().isEmpty()
            ? first.hint()
            : "The table is between the old and the new state: apply again. " + first.hint();
    return new Failure("apply the plan", "", driver, reason.toString(), code, hint);
  }

  /**
   * Returns what was done, what failed, and what was taken back.
   *
   * @return the report
   */
  public ApplyReport report() {
    return report;
  }
}
