// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.List;

/**
 * What apply did.
 *
 * @param done changes that were made, in order; includes those undone later
 * @param failed changes that the driver refused, with the reason
 * @param notAttempted changes that were held back because an earlier one failed: removals, which
 *     would have taken servers away that the additions were to replace
 * @param undone changes that were made and taken back, last one first
 * @param notUndone changes that could not be taken back, with the reason
 * @since 0.1.0
 */
public record ApplyReport(
    List<Change> done,
    List<FailedChange> failed,
    List<Change> notAttempted,
    List<Change> undone,
    List<FailedChange> notUndone) {

  /** Copies the lists. */
  public ApplyReport {
    done = List.copyOf(done);
    failed = List.copyOf(failed);
    notAttempted = List.copyOf(notAttempted);
    undone = List.copyOf(undone);
    notUndone = List.copyOf(notUndone);
  }

  /**
   * A change and why it failed.
   *
   * @param change the change
   * @param error why
   * @since 0.1.0
   */
  public record FailedChange(Change change, LvsException error) {}

  /** Returns the counts in one line, for example {@code 3 done, 1 failed, 3 undone}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(done.size()).append(" done");
    append(text, failed.size(), "failed");
    append(text, notAttempted.size(), "not attempted");
    append(text, undone.size(), "undone");
    append(text, notUndone.size(), "not undone");
    return text.toString();
  }

  private static void append(StringBuilder text, int count, String what) {
    if (count > 0) {
      text.append(", ").append(count).append(' ').append(what);
    }
  }
}
