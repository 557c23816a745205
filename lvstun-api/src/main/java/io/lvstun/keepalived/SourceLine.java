// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.Map;

/**
 * A line on its way from a file to the tree.
 *
 * @param text what is left of it
 * @param file the path of its file
 * @param line its number in the file
 * @param column where the text begins, or where the line began if it was expanded
 * @param expanded whether parameters or sequences changed it, so that columns are gone
 * @param depth how many expansions it took
 * @param defines parameters to set before it is read
 */
record SourceLine(
    String text,
    String file,
    int line,
    int column,
    boolean expanded,
    int depth,
    Map<String, String> defines) {

  static SourceLine of(String text, String file, int line, int column) {
    return new SourceLine(text, file, line, column, false, 0, Map.of());
  }

  SourcePosition place(int offset) {
    return new SourcePosition(file, line, expanded ? column : column + offset);
  }

  SourcePosition place() {
    return place(0);
  }

  /** Returns the rest of the line from an offset on. */
  SourceLine from(int offset) {
    return new SourceLine(
        text.substring(offset),
        file,
        line,
        expanded ? column : column + offset,
        expanded,
        depth,
        defines);
  }

  /** Returns the line without white space at its beginning. */
  SourceLine stripped() {
    int at = 0;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at == 0 ? this : from(at);
  }

  /** Returns what the line expanded to. */
  SourceLine expandedTo(String newText, Map<String, String> parameters) {
    return new SourceLine(newText, file, line, column, true, depth + 1, parameters);
  }
}
