// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cluster document that cannot be read. The message is {@code SOURCE:LINE: FIELD what is wrong}.
 *
 * @since 0.1.0
 */
public final class ClusterDocumentException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /** Where the document came from, its file for example. */
  private final String source;

  /** The line, from 1. */
  private final int line;

  /** Keys and numbers that lead to the value; empty for the document as a whole. */
  private final String field;

  ClusterDocumentException(
      String source, int line, String field, String reason, @Nullable Throwable cause) {
    super(source + ":" + line + ": " + (field.isEmpty() ? "" : field + " ") + reason, cause);
    this.source = Objects.requireNonNull(source, "source");
    this.line = line;
    this.field = field;
  }

  /**
   * Returns where the document came from.
   *
   * @return its file, or what the caller named it
   */
  public String source() {
    return source;
  }

  /**
   * Returns the line of the value that is wrong.
   *
   * @return 1 for the first line
   */
  public int line() {
    return line;
  }

  /**
   * Returns the keys and numbers that lead to the value.
   *
   * @return for example {@code realServers[0].address}; empty for the document as a whole
   */
  public String field() {
    return field;
  }
}
