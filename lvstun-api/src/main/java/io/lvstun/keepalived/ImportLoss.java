// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.Objects;

/**
 * A statement of a configuration that the values read from it do not carry.
 *
 * @param kind why
 * @param place where the statement stands
 * @param statement the statement on one line, cut after 48 characters, without control characters
 * @param reason what is lost, as a sentence without a full stop
 * @since 0.1.0
 */
public record ImportLoss(Kind kind, SourcePosition place, String statement, String reason) {
  /** Checks that nothing is missing. */
  public ImportLoss {
    Objects.requireNonNull(statement, "statement");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(kind, "kind");
  }

  /**
   * Why a statement is lost.
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** keepalived acts on it, and there is no counterpart here. */
    NO_COUNTERPART,
    /** keepalived 2.2.7 does not know the keyword; a newer one does. */
    NEWER,
    /** keepalived does not know the keyword at this place, and ignores it with a warning. */
    UNKNOWN,
    /** keepalived refuses the value, and ignores the statement or what it belongs to. */
    INVALID,
    /** Braces or quotes do not match; keepalived warns and reads on. */
    SYNTAX,
    /** A line that another host's configuration id selects, or that no id is known for. */
    OTHER_HOST
  }

  static ImportLoss of(Kind kind, Statement statement, String reason) {
    return new ImportLoss(
        kind, statement.place(), ConfigSyntaxException.excerpt(statement.toString()), reason);
  }

  /** Returns one line: place, statement and reason. */
  @Override
  public String toString() {
    return place + ": " + statement + ": " + reason;
  }
}
