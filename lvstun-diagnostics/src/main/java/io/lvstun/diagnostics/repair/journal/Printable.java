// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

/**
 * Text of hosts, made harmless for terminals: one line of printable ASCII, not too long.
 *
 * @since 0.1.0
 */
public final class Printable {

  private static final int LENGTH = 400;

  private Printable() {}

  /** Returns one line without control characters. */
  public static String of(String text) {
    StringBuilder plain = new StringBuilder();
    String stripped = text.strip();
    for (int i = 0; i < stripped.length(); i++) {
      char c = stripped.charAt(i);
      if (plain.length() >= LENGTH) {
        return plain.append("...").toString();
      }
      plain.append(c == '\n' || c == '\t' ? ' ' : c >= 0x20 && c < 0x7f ? c : '?');
    }
    return plain.toString();
  }
}
