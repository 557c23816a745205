// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import java.time.Duration;
import java.util.Objects;

/**
 * Raises the weight of a new or returning server gradually, so that schedulers that prefer idle
 * servers do not flood it. A pure function of the time since the server joined.
 *
 * @param form whose formula it is
 * @param window how long it takes, 1 s to a day
 * @param aggression Envoy's exponent: 1 grows evenly, more grows faster at first; 0.1 to 10
 * @param leastShare Envoy's least share of the full weight, 0 to 1
 * @since 0.1.0
 */
public record SlowStart(Form form, Duration window, double aggression, double leastShare) {

  /**
   * Whose formula it is.
   *
   * @since 0.1.0
   */
  public enum Form {
    /** In sixteen even steps, the first at once: HAProxy's {@code slowstart}, {@code server.c}. */
    HAPROXY,
    /** {@code max(least, (max(t, 1 s) / window) ^ (1 / aggression))}: Envoy's slow start mode. */
    ENVOY
  }

  private static final int STEPS = 16;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public SlowStart {
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(form, "form");
    WeightArgument.of("window", window, Duration.ofSeconds(1));
    WeightArgument.of("aggression", aggression, 0.1, 10);
    WeightArgument.of("least share", leastShare, 0, 1);
  }

  /**
   * Returns HAProxy's form.
   *
   * @param window how long it takes, 1 s to a day
   * @return the slow start
   */
  public static SlowStart haproxy(Duration window) {
    return new SlowStart(Form.HAPROXY, window, 1, 0);
  }

  /**
   * Returns Envoy's form with its defaults: aggression 1, at least 10 % of the weight.
   *
   * @param window how long it takes, 1 s to a day
   * @return the slow start
   */
  public static SlowStart envoy(Duration window) {
    return new SlowStart(Form.ENVOY, window, 1, 0.1);
  }

  /**
   * Returns the weight some time after the server joined.
   *
   * @param full the full weight, 0 to 65535
   * @param elapsed since it joined, 0 or more
   * @return 1 to the full weight; 0 if that is 0
   * @throws IllegalArgumentException if the weight is out of range
   */
  public int weight(int full, Duration elapsed) {
    WeightArgument.of("weight", full, 0, 65535);
    if (full == 0 || elapsed.compareTo(window) >= 0) {
      return full;
    }
    double t = Math.max(0, elapsed.toNanos()) / 1e9;
    double s = window.toNanos() / 1e9;
    double share =
        switch (form) {
          case HAPROXY -> Math.floor((STEPS * t + s) / s) / STEPS;
          case ENVOY -> Math.max(leastShare, Math.pow(Math.max(t, 1) / s, 1 / aggression));
        };
    return (int) Math.max(1, Math.min(full, Math.ceil(full * share - 1e-9)));
  }

  /**
   * Returns how often the weight is worth looking at: a twentieth of the window, but at least 1 s,
   * as HAProxy does.
   *
   * @return 1 s or more
   */
  public Duration period() {
    Duration part = window.dividedBy(20);
    return part.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : part;
  }
}
