// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when apply did not reach the desired table: changes failed, another program kept changing
 * the same services, or the table could not be read back. {@link #report()} lists what was done,
 * what failed, what was rolled back, and what differs. The cause is the first failure, if there was
 * one.
 *
 * @since 0.1.0
 */
public final class ApplyException extends LvsException {

  private static final long serialVersionUID = 1L;

  /** How many differences the message names. */
  private static final int NAMED = 5;

  private final transient ApplyReport report;

  private ApplyException(Failure failure, @Nullable LvsException cause, ApplyReport report) {
    super(cause, failure);
    this.report = report;
  }

  /** Changes failed, or what became of them is not known. */
  static ApplyException failed(String driver, ApplyReport report) {
    LvsException first =
        Stream.concat(report.failed().stream(), report.unknown().stream())
            .map(ApplyReport.FailedChange::error)
            .findFirst()
            .orElseThrow();
    StringBuilder reason = new StringBuilder(report.toString());
    reason.append("; first failure: cannot ").append(first.operation());
    reason.append(' ').append(first.target()).append(": ").append(first.reason());
    String hint =
        report.notUndone().isEmpty()
            ? first.hint()
            : "The table is between the old and the new state: apply again. " + first.hint();
    return new ApplyException(
        failure(driver, reason.toString(), first.code(), hint), first, report);
  }

  /** The thread was interrupted between two steps. */
  static ApplyException interrupted(String driver, ApplyReport report) {
    return new ApplyException(
        failure(driver, report + "; the thread was interrupted", OptionalInt.empty(), ""),
        null,
        report);
  }

  /** Another program changed the same services until the time was up. */
  static ApplyException interfered(String driver, String until, ApplyReport report) {
    List<Change> differing = report.differing();
    String named =
        differing.stream().limit(NAMED).map(Change::toString).collect(Collectors.joining("; "));
    String more = differing.size() > NAMED ? "; … " + (differing.size() - NAMED) + " more" : "";
    return new ApplyException(
        failure(
            driver,
            report
                + "; another program kept changing the same services until "
                + until
                + "; still to change: "
                + named
                + more,
            OptionalInt.empty(),
            "Find the other writer (keepalived? another director?) and let one of them own these"
                + " services, or give both the same writer lock"),
        null,
        report);
  }

  /** The changes were made, but the table could not be read back. */
  static ApplyException unread(String driver, LvsException cause, ApplyReport report) {
    return new ApplyException(
        failure(
            driver,
            report + "; the table could not be read back: " + cause.reason(),
            cause.code(),
            "What was done is in the report; whether another program has changed it since is not"
                + " known: apply again. "
                + cause.hint()),
        cause,
        report);
  }

  private static Failure failure(String driver, String reason, OptionalInt code, String hint) {
    return new Failure("apply the plan", "", driver, reason, code, hint);
  }

  /**
   * Returns what was done, what failed, what was taken back, and what differs.
   *
   * @return the report
   */
  public ApplyReport report() {
    return report;
  }
}
