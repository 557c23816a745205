// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.ForeignText;
import java.time.Duration;
import java.util.Objects;

/** Argument checks with messages that name the parameter, the value and the allowed range. */
final class HealthArgument {

  /** The longest interval or time-out: a day. */
  static final Duration LONGEST = Duration.ofDays(1);

  private static final Duration SHORTEST = Duration.ofMillis(1);

  private HealthArgument() {}

  @CanIgnoreReturnValue
  static int of(String parameter, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  @CanIgnoreReturnValue
  static double of(String parameter, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  /** A time that may be zero. */
  @CanIgnoreReturnValue
  static Duration delay(String parameter, Duration value) {
    return between(parameter, value, Duration.ZERO);
  }

  /** A time of a millisecond or more. */
  @CanIgnoreReturnValue
  static Duration time(String parameter, Duration value) {
    return between(parameter, value, SHORTEST);
  }

  private static Duration between(String parameter, Duration value, Duration least) {
    Objects.requireNonNull(value, parameter);
    if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + LONGEST + ", not " + value);
    }
    return value;
  }

  /**
   * Text for a protocol's line: no control characters, so that nobody smuggles a second line in.
   */
  @CanIgnoreReturnValue
  static String line(String parameter, String value, int longest) {
    Objects.requireNonNull(value, parameter);
    if (value.length() > longest || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException(
          parameter
              + " must have at most "
              + longest
              + " characters and no control characters, not \""
              + ForeignText.excerpt(value, 64)
              + '"');
    }
    return value;
  }
}
