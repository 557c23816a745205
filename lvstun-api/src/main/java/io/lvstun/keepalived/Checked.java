// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.Objects;

/**
 * Checks of what goes into a configuration: ranges, and texts that mean the same when keepalived
 * reads them back. Nothing that passes can begin another statement.
 */
final class Checked {

  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_TEXT = 500;

  private Checked() {}

  @CanIgnoreReturnValue
  static int range(String parameter, int value, int least, int most) {
    return (int) range(parameter, (long) value, least, most);
  }

  @CanIgnoreReturnValue
  static long range(String parameter, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  @CanIgnoreReturnValue
  static Duration duration(String parameter, Duration value, boolean zero, Duration most) {
    Objects.requireNonNull(value, parameter);
    if (value.isNegative()
        || value.isZero() && !zero
        || value.compareTo(most) > 0
        || value.toNanos() % 1000 != 0) {
      throw new IllegalArgumentException(
          parameter
              + " must be "
              + (zero ? "0" : "1 microsecond")
              + " to "
              + most.getSeconds()
              + " seconds in whole microseconds, not "
              + value);
    }
    return value;
  }

  static int number(String parameter, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          parameter + " must be a number, not " + ConfigSyntaxException.excerpt(text), e);
    }
  }

  /**
   * A word without quotes: a letter, a digit or an underscore, then those, and {@code .:-+/%@=}.
   */
  @CanIgnoreReturnValue
  static String name(String parameter, String value) {
    Objects.requireNonNull(value, parameter);
    if (value.isEmpty() || value.length() > LONGEST_NAME || !plain(value)) {
      throw new IllegalArgumentException(
          parameter
              + " must be 1 to "
              + LONGEST_NAME
              + " letters, digits and ._:-+/%=@ that begin with a letter, digit or _, not \""
              + ConfigSyntaxException.excerpt(value)
              + '"');
    }
    return value;
  }

  static boolean plain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!letter && c != '_' && (i == 0 || ".:-+/%=@".indexOf(c) < 0)) {
        return false;
      }
    }
    return !value.isEmpty();
  }

  /** Several names. */
  @CanIgnoreReturnValue
  static String words(String parameter, String value) {
    Objects.requireNonNull(value, parameter);
    for (String word : value.split(" ", -1)) {
      name(parameter, word);
    }
    return value;
  }

  /** What stands between double quotes: no quote, backslash, control character or parameter. */
  @CanIgnoreReturnValue
  static String text(String parameter, String value) {
    Objects.requireNonNull(value, parameter);
    boolean harmless =
        !value.isEmpty()
            && value.length() <= LONGEST_TEXT
            && !value.contains("${")
            && value.equals(value.strip())
            && value.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
    if (!harmless) {
      throw new IllegalArgumentException(
          parameter
              + " must be 1 to "
              + LONGEST_TEXT
              + " printable ASCII characters without double quote, backslash, ${ and space at"
              + " the ends, not \""
              + ConfigSyntaxException.excerpt(value)
              + '"');
    }
    return value;
  }

  /** A command line: a text whose single quotes are balanced. */
  @CanIgnoreReturnValue
  static String command(String parameter, String value) {
    text(parameter, value);
    if (value.chars().filter(c -> c == '\'').count() % 2 != 0) {
      throw new IllegalArgumentException(
          parameter
              + " must close its single quotes, not \""
              + ConfigSyntaxException.excerpt(value)
              + '"');
    }
    return value;
  }

  /** A regular expression: as a text, but backslashes are written twice. */
  @CanIgnoreReturnValue
  static String pattern(String parameter, String value) {
    Objects.requireNonNull(value, parameter);
    text(parameter, value.replace('\\', '/'));
    return value;
  }
}
