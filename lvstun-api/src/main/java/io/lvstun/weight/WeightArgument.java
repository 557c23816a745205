// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import java.time.Duration;
import java.util.Objects;

/** Argument checks with messages that name the parameter, the value and the allowed range. */
final class WeightArgument {

  private static final Duration LONGEST = Duration.ofDays(1);

  private WeightArgument() {}

  static void of(String parameter, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + most + ", not " + value);
    }
  }

  static void of(String parameter, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + most + ", not " + value);
    }
  }

  static void of(String parameter, Duration value, Duration least) {
    Objects.requireNonNull(value, parameter);
    if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          parameter + " must be " + least + " to " + LONGEST + ", not " + value);
    }
  }
}
