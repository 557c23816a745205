// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.ForeignText;

/**
 * A configuration cannot be read: says where and why.
 *
 * <p>Thrown for what makes the rest of a file meaningless or costs without bound: a file that is
 * missing or too large, an endless inclusion, a NUL, an overlong line, blocks nested too deep,
 * parameters that expand without end. A statement that is merely unknown or wrong is an {@link
 * ImportLoss}.
 *
 * @since 0.1.0
 */
public final class ConfigSyntaxException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;
  private static final int LONGEST_EXCERPT = 48;

  private final transient SourcePosition place;
  private final String reason;

  ConfigSyntaxException(SourcePosition place, String reason) {
    super(place + ": " + reason);
    this.place = place;
    this.reason = reason;
  }

  /** Cuts and cleans a piece of foreign text: hostile text must not reach a terminal. */
  static String excerpt(String text) {
    return ForeignText.excerpt(text, LONGEST_EXCERPT);
  }

  /**
   * Returns where the error is.
   *
   * @return file, line and column
   */
  public SourcePosition place() {
    return place;
  }

  /**
   * Says what is wrong at the place.
   *
   * @return a sentence without a full stop
   */
  public String reason() {
    return reason;
  }
}
