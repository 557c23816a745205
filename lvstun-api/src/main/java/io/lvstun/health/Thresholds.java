// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

/**
 * How many results in a row change a server's health.
 *
 * @param rise passes in a row that bring a server that is down up, 1 to 1000
 * @param fall failures in a row that take a server that is up down, 1 to 1000
 * @param riseAtStart passes in a row that bring a server of unknown health up, 1 to 1000
 * @param fallAtStart failures in a row that take a server of unknown health down, 1 to 1000
 * @since 0.1.0
 */
public record Thresholds(int rise, int fall, int riseAtStart, int fallAtStart) {

  private static final int MOST = 1000;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside 1 to 1000
   */
  public Thresholds {
    HealthArgument.of("rise", rise, 1, MOST);
    HealthArgument.of("fall", fall, 1, MOST);
    HealthArgument.of("rise at start", riseAtStart, 1, MOST);
    HealthArgument.of("fall at start", fallAtStart, 1, MOST);
  }
}
