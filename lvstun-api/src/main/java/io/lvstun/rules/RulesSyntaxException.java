// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.ForeignText;

/**
 * Thrown when a text is not valid input for {@code ipvsadm -R}; names the position and what was
 * expected there.
 *
 * @since 0.1.0
 */
public final class RulesSyntaxException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;
  private static final int LONGEST_EXCERPT = 48;

  private final int line;
  private final int column;
  private final String expected;
  private final String found;

  RulesSyntaxException(int line, int column, String expected, String found) {
    super(
        "line "
            + line
            + ", column "
            + column
            + ": expected "
            + expected
            + ", found "
            + (found.isEmpty() ? "nothing" : '"' + found + '"'));
    this.line = line;
    this.column = column;
    this.expected = expected;
    this.found = found;
  }

  /** Cuts and cleans what was found: hostile text must not reach a terminal. */
  static String excerpt(String text) {
    return ForeignText.excerpt(text, LONGEST_EXCERPT);
  }

  /**
   * Returns the line of the error.
   *
   * @return 1 for the first line
   */
  public int line() {
    return line;
  }

  /**
   * Returns the column of the error.
   *
   * @return 1 for the first character of the line; a tab counts as one
   */
  public int column() {
    return column;
  }

  /**
   * Says what was expected at the position.
   *
   * @return a phrase such as {@code a weight of 0 to 65535}
   */
  public String expected() {
    return expected;
  }

  /**
   * Returns what stood there instead.
   *
   * @return at most 48 characters, control characters replaced; empty if the line ended there
   */
  public String found() {
    return found;
  }
}
