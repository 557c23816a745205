// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

/** Long lines, broken at blanks. */
final class Wrapping {

  private Wrapping() {}

  /** Breaks a line so that it ends before a column; the lines after the first are indented. */
  static String at(String line, int indent, int column) {
    StringBuilder wrapped = new StringBuilder(line.length() + 16);
    int at = indent;
    for (String word : line.split(" +")) {
      if (at > indent && at + 1 + word.length() > column) {
        wrapped.append('\n').append(" ".repeat(indent));
        at = indent;
      } else if (at > indent) {
        wrapped.append(' ');
        at++;
      }
      wrapped.append(word);
      at += word.length();
    }
    return wrapped.toString();
  }
}
