// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import io.lvstun.RealServer;
import java.util.Locale;

/**
 * What a check's result does to a server's weight. Shifts of several checks add up, as keepalived's
 * do: the weight in effect is the configured weight plus the sum of {@link #delta(int)}.
 *
 * @param absolute whether the amount is a weight of its own ({@code misc_dynamic}), which stands
 *     for the difference to the configured weight, or a difference
 * @param amount the weight, 0 to 65535, or the difference, -2147483647 to 2147483647
 * @since 0.1.0
 */
public record WeightShift(boolean absolute, int amount) {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if an absolute weight is outside 0 to 65535
   */
  public WeightShift {
    if (absolute) {
      HealthArgument.of("weight", amount, 0, RealServer.MAX_WEIGHT);
    } else {
      HealthArgument.of("weight difference", amount, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    }
  }

  /**
   * Returns a shift to a weight.
   *
   * @param weight 0 to 65535
   * @return the shift
   */
  public static WeightShift to(int weight) {
    return new WeightShift(true, weight);
  }

  /**
   * Returns a shift by a difference.
   *
   * @param difference -2147483647 to 2147483647
   * @return the shift
   */
  public static WeightShift by(int difference) {
    return new WeightShift(false, difference);
  }

  /**
   * Returns the difference to the configured weight.
   *
   * @param configured the configured weight, 0 to 65535
   * @return the difference
   */
  public long delta(int configured) {
    return absolute ? (long) amount - configured : amount;
  }

  @Override
  public String toString() {
    return absolute ? "weight " + amount : String.format(Locale.ROOT, "weight %+d", amount);
  }
}
