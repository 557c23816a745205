// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.Objects;

/**
 * A position in a configuration file.
 *
 * @param file the path as it was opened
 * @param line 1 for the first line
 * @param column 1 for the first character of the line; a tab counts as one. What a {@code
 *     $parameter} or a sequence expanded to has the column of the line's first character
 * @since 0.1.0
 */
public record SourcePosition(String file, int line, int column)
    implements Comparable<SourcePosition> {
  /** Checks that nothing is missing. */
  public SourcePosition {
    Objects.requireNonNull(file, "file");
  }

  /** Returns {@code file:line:column}. */
  @Override
  public String toString() {
    return file + ':' + line + ':' + column;
  }

  /** Orders by file, line and column. */
  @Override
  public int compareTo(SourcePosition other) {
    int byFile = file.compareTo(other.file);
    if (byFile != 0) {
      return byFile;
    }
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }
}
