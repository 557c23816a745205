// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.Objects;

/**
 * When a check runs next. Which delay counts depends on what the last results said.
 *
 * @param interval between two runs while nothing changes and the server is up or unknown, 1 ms to a
 *     day
 * @param falling after a failure that did not take the server down yet, 0 to a day
 * @param down between two runs while the server is down, 1 ms to a day
 * @param rising after a pass that did not bring the server up yet, 0 to a day
 * @param firstDelay from the start to the first run, 0 to a day
 * @param warmup up to how much is added to the first delay, chosen at random, 0 to a day
 * @param spacing from where to where the delays are measured
 * @param jitter by which share a delay is lengthened or shortened at random, 0 to 0.5
 * @since 0.1.0
 */
public record Pace(
    Duration interval,
    Duration falling,
    Duration down,
    Duration rising,
    Duration firstDelay,
    Duration warmup,
    Spacing spacing,
    double jitter) {

  /**
   * From where to where the delay between two runs is measured.
   *
   * @since 0.1.0
   */
  public enum Spacing {
    /** From the start of one to the start of the next: a 3 s loop runs every 3 s. */
    START_TO_START,
    /** From the end of one to the start of the next, as keepalived does for most checkers. */
    END_TO_START
  }

  private static final double MOST_JITTER = 0.5;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a delay or the jitter is out of its range
   */
  public Pace {
    Objects.requireNonNull(down, "down");
    Objects.requireNonNull(falling, "falling");
    Objects.requireNonNull(firstDelay, "firstDelay");
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(rising, "rising");
    Objects.requireNonNull(warmup, "warmup");
    HealthArgument.time("interval", interval);
    HealthArgument.delay("falling interval", falling);
    HealthArgument.time("down interval", down);
    HealthArgument.delay("rising interval", rising);
    HealthArgument.delay("first delay", firstDelay);
    HealthArgument.delay("warm-up", warmup);
    Objects.requireNonNull(spacing, "spacing");
    HealthArgument.of("jitter", jitter, 0, MOST_JITTER);
  }

  /**
   * Returns a pace with one delay for every situation, from start to start, that begins at once.
   *
   * @param interval the delay, 1 ms to a day
   * @return the pace
   */
  public static Pace every(Duration interval) {
    Objects.requireNonNull(interval, "interval");
    return new Pace(
        interval,
        interval,
        interval,
        interval,
        Duration.ZERO,
        Duration.ZERO,
        Spacing.START_TO_START,
        0);
  }
}
