// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

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
    int next;
    for (int i = 0; i < plain.length(); i = next) {
      int c = plain.codePointAt(i);
      next = i + Character.charCount(c);
      boolean harmless = harmless(c);
      if (!harmless && cleaned == null) {
        cleaned = new StringBuilder(plain.length()).append(plain, 0, i);
      }
      if (cleaned != null) {
        if (harmless) {
          cleaned.appendCodePoint(c);
        } else if (c == '\0') {
          cleaned.append(' ');
        } else if (c != '\r') {
          cleaned.append('\ufffd');
        }
      }
    }
    return cleaned == null ? plain : cleaned.toString();
  }

  /** Neither steers, hides or reorders, nor is forbidden in XML. */
  private static boolean harmless(int c) {
    if (c < 0x7f) {
      return c >= ' ' || c == '\n' || c == '\t';
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> (c & 0xfffe) != 0xfffe;
    };
  }

  /**
   * Returns a text as one line, without anything that steers a terminal.
   *
   * @param text as it came
   * @return the line, of any length
   */
  public static String line(String text) {
    return clean(text).replace('\n', ' ').replace('\t', ' ');
  }

  /**
   * Returns one line of at most 512 characters, without anything that steers a terminal.
   *
   * @param text as it came
   * @return the line
   */
  public static String printable(String text) {
    return excerpt(text, PRINTABLE_LENGTH);
  }

  /**
   * Returns the beginning of a text as one line, without anything that steers a terminal.
   *
   * @param text as it came
   * @param most how many characters of it are shown at most, at least 1
   * @return the line, with an ellipsis behind it if something was cut off
   */
  public static String excerpt(String text, int most) {
    String cut = text.length() > most ? text.substring(0, most) + "…" : text;
    return line(cut);
  }
}
