// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import java.time.Duration;
import java.util.Objects;

/**
 * Settings that keep weights from oscillating: the pipeline from loads to weights. Each stage is a
 * pure function that can be used on its own; {@link WeightLoop} runs them in order.
 *
 * @param smoothing time constant of the mean over a server's loads, 1 ms to a day
 * @param gain which part of the difference to the fleet's mean one step makes good, 0.01 to 1
 * @param idleLoad what is added to each load before they are compared, so that noise of idle
 *     servers does not count; above 0 to 100
 * @param deadband by which share a weight must change to be changed at all, 0 to 1; and by 1 at
 *     least
 * @param slewDown by which share a weight may fall in one period, 0.01 to 1
 * @param slewUp by which share a weight may rise in one period, 0.01 to 10
 * @param cap the highest weight as a multiple of the configured one, 1 to 100
 * @param period the least time between two changes of a server's weight, 1 ms to a day
 * @param blackout how long a server that joined keeps its configured weight, 0 to a day
 * @param staleAfter how long a report counts, 1 ms to a day
 * @param walkBack how long a weight takes back to the configured one once reports are stale, 1 ms
 *     to a day
 * @param panicShare with more than this share of servers stale or at the floor, all get their
 *     configured weights; 0 to 1, 1 for never
 * @since 0.1.0
 */
public record Damping(
    Duration smoothing,
    double gain,
    double idleLoad,
    double deadband,
    double slewDown,
    double slewUp,
    double cap,
    Duration period,
    Duration blackout,
    Duration staleAfter,
    Duration walkBack,
    double panicShare) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Damping {
    Objects.requireNonNull(blackout, "blackout");
    Objects.requireNonNull(period, "period");
    Objects.requireNonNull(smoothing, "smoothing");
    Objects.requireNonNull(staleAfter, "staleAfter");
    Objects.requireNonNull(walkBack, "walkBack");
    Duration least = Duration.ofMillis(1);
    WeightArgument.of("smoothing", smoothing, least);
    WeightArgument.of("gain", gain, 0.01, 1);
    WeightArgument.of("idle load", idleLoad, 1e-6, 100);
    WeightArgument.of("deadband", deadband, 0, 1);
    WeightArgument.of("slew down", slewDown, 0.01, 1);
    WeightArgument.of("slew up", slewUp, 0.01, 10);
    WeightArgument.of("cap", cap, 1, 100);
    WeightArgument.of("period", period, least);
    WeightArgument.of("blackout", blackout, Duration.ZERO);
    WeightArgument.of("stale after", staleAfter, least);
    WeightArgument.of("walk back", walkBack, least);
    WeightArgument.of("panic share", panicShare, 0, 1);
  }

  /**
   * Returns settings for reports that come every so often: smoothing over three reports, a period
   * of three reports but at least 4 s (two intervals of IPVS's estimator), stale after five, back
   * at the configured weight after ten more.
   *
   * @param interval how often a server reports, 1 ms to 2 h
   * @return the settings
   * @throws IllegalArgumentException if the interval is out of range
   */
  public static Damping every(Duration interval) {
    Duration period = interval.multipliedBy(5);
    Duration least = Duration.ofSeconds(4);
    return new Damping(
        interval.multipliedBy(5),
        0.5,
        0.05,
        0.1,
        0.5,
        0.15,
        10,
        period.compareTo(least) < 0 ? least : period,
        interval.multipliedBy(5),
        interval.multipliedBy(5),
        interval.multipliedBy(10),
        0.5);
  }

  /**
   * Stage 2: the exponentially weighted mean, right for uneven intervals.
   *
   * @param mean the mean so far
   * @param value the new value
   * @param elapsed since the last one, 0 or more
   * @return the new mean: {@code mean + (1 - e^(-elapsed / smoothing)) (value - mean)}
   */
  public double smooth(double mean, double value, Duration elapsed) {
    double share = 1 - Math.exp(-(double) elapsed.toNanos() / smoothing.toNanos());
    return mean + share * (value - mean);
  }

  /**
   * Stage 3: the weight that moves a server's load towards the fleet's mean. Within the deadband
   * there is nothing to move, so that noise does not.
   *
   * @param weight the weight now, above 0
   * @param load the server's smoothed load
   * @param mean the mean of all servers' smoothed loads
   * @return {@code weight ((mean + idle) / (load + idle)) ^ gain}, or the weight now
   */
  public double target(double weight, double load, double mean) {
    double ratio = (mean + idleLoad) / (load + idleLoad);
    return Math.abs(ratio - 1) <= deadband ? weight : weight * Math.pow(ratio, gain);
  }

  /**
   * Stage 4: slew limit. Down fast, up slow.
   *
   * @param weight the weight now
   * @param target the wanted one
   * @return the target, no further from the weight than one period allows
   */
  public double slew(double weight, double target) {
    return Math.max(weight * (1 - slewDown), Math.min(weight * (1 + slewUp), target));
  }

  /**
   * Stage 5: bounds. 0 is for draining alone.
   *
   * @param weight any number
   * @param base the configured weight, 1 to 65535
   * @return 1 to the cap times the configured weight, at most 65535
   */
  public double bound(double weight, int base) {
    return Math.max(1, Math.min(Math.min(65535, cap * base), weight));
  }

  /**
   * Stage 6: deadband.
   *
   * @param present the weight in the table
   * @param wanted the exact weight that is wanted
   * @return the wanted one, rounded, if it differs by the deadband and by 1 at least; otherwise the
   *     present one
   */
  public int publish(int present, double wanted) {
    double difference = Math.abs(wanted - present);
    return difference >= 1 && difference >= deadband * present ? (int) Math.round(wanted) : present;
  }

  /**
   * Stage 7: the way back to the configured weight once reports are stale.
   *
   * @param weight the exact weight when they became stale
   * @param base the configured weight
   * @param stale for how long they have been stale, 0 or more
   * @return a weight between both; the configured one after {@link #walkBack}
   */
  public double walkBack(double weight, int base, Duration stale) {
    double share = Math.min(1, (double) stale.toNanos() / walkBack.toNanos());
    return weight + share * (base - weight);
  }
}
