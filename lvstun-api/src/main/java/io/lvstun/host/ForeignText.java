// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.regex.Pattern;

/**
 * Text that somebody else wrote, made harmless: what could steer a terminal or hide text is taken
 * out.
 *
 * @since 0.1.0
 */
public final class ForeignText {

  private static final int PRINTABLE_LENGTH = 512;

  /** ANSI escape sequences: CSI, OSC up to its terminator, and the two-character ones. */
  private static final Pattern ESCAPES =
      Pattern.compile(
          "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?"
              + "|\u001b[PX^_][^\u001b]*(?:\u001b\\\\)?|\u001b[ -/]*[0-~]");

  private ForeignText() {}

  /**
   * Takes out what steers terminals and what hides text, all but line feeds and tabs.
   *
   * @param text as it came
   * @return the text without escape sequences; other control characters are replaced by U+FFFD
   */
  public static String clean(String text) {
    String plain = text.indexOf('\u001b') < 0 ? text : ESCAPES.matcher(text).replaceAll("");
    StringBuilder cleaned = null;
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      boolean harmless = harmless(c);
      if (!harmless && cleaned == null) {
        cleaned = new StringBuilder(plain.length()).append(plain, 0, i);
      }
      if (cleaned != null) {
        if (harmless) {
          cleaned.append(c);
        } else if (c == '\0') {
          cleaned.append(' ');
        } else if (c != '\r') {
          cleaned.append('\ufffd');
        }
      }
    }
    return cleaned == null ? plain : cleaned.toString();
  }

  private static boolean harmless(char c) {
    if (c < 0x20) {
      return c == '\n' || c == '\t';
    }
    if (c < 0x7f) {
      return true;
    }
    return c >= 0xa0
        && !(c >= '\u200b' && c <= '\u200f')
        && !(c >= '\u2028' && c <= '\u202e')
        && !(c >= '\u2060' && c <= '\u2069')
        && c != '\ufeff';
  }

  /**
   * Returns one line of at most 512 characters, without anything that steers a terminal.
   *
   * @param text as it came
   * @return the line
   */
  public static String printable(String text) {
    String cut =
        text.length() > PRINTABLE_LENGTH ? text.substring(0, PRINTABLE_LENGTH) + "..." : text;
    return clean(cut).replace('\n', ' ').replace('\t', ' ');
  }
}
