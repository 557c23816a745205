// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.List;
import java.util.Objects;

/**
 * What apply did.
 *
 * @param done changes that were made, in order, including those rolled back later
 * @param failed changes that the driver refused, with the reason
 * @param notAttempted changes skipped because an earlier one failed: removals of servers whose
 *     replacements are missing
 * @param undone changes that were made and rolled back, last one first
 * @param notUndone changes that could not be rolled back, with the reason
 * @param unknown unanswered changes whose outcome could not be read back either, with the reason;
 *     unanswered changes found done or not done count as such
 * @param differing remaining differences, because another program kept changing the same services;
 *     empty if none did
 * @since 0.1.0
 */
public record ApplyReport(
    List<Change> done,
    List<FailedChange> failed,
    List<Change> notAttempted,
    List<Change> undone,
    List<FailedChange> notUndone,
    List<FailedChange> unknown,
    List<Change> differing) {

  /** Copies the lists. */
  public ApplyReport {
    Objects.requireNonNull(differing, "differing");
    Objects.requireNonNull(done, "done");
    Objects.requireNonNull(failed, "failed");
    Objects.requireNonNull(notAttempted, "notAttempted");
    Objects.requireNonNull(notUndone, "notUndone");
    Objects.requireNonNull(undone, "undone");
    Objects.requireNonNull(unknown, "unknown");
    done = List.copyOf(done);
    failed = List.copyOf(failed);
    notAttempted = List.copyOf(notAttempted);
    undone = List.copyOf(undone);
    notUndone = List.copyOf(notUndone);
    unknown = List.copyOf(unknown);
    differing = List.copyOf(differing);
  }

  /**
   * A change and why it failed.
   *
   * @param change the change
   * @param error why
   * @since 0.1.0
   */
  public record FailedChange(Change change, LvsException error) {
    /** Refuses null. */
    public FailedChange {
      Objects.requireNonNull(change, "change");
      Objects.requireNonNull(error, "error");
    }
  }

  /** Returns the counts in one line, for example {@code 3 done, 1 failed, 3 undone}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(done.size()).append(" done");
    append(text, failed.size(), "failed");
    append(text, notAttempted.size(), "not attempted");
    append(text, undone.size(), "undone");
    append(text, notUndone.size(), "not undone");
    append(text, unknown.size(), "unknown");
    append(text, differing.size(), "differing");
    return text.toString();
  }

  private static void append(StringBuilder text, int count, String what) {
    if (count > 0) {
      text.append(", ").append(count).append(' ').append(what);
    }
  }
}
