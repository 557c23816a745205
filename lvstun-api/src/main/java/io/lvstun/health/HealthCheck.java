// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;

/**
 * A health check as a value: equal checks of one server run once, however many services use the
 * result.
 *
 * @since 0.1.0
 */
public sealed interface HealthCheck
    permits NetworkCheck, CommandCheck, FileCheck, FunctionCheck, CombinedCheck {

  /**
   * Returns how long one run may take, from its start to its result.
   *
   * @return the total deadline, 1 ms to a day
   */
  Duration timeout();

  /**
   * Returns what is asked, in a few words.
   *
   * @return for example {@code TCP}, {@code HTTP GET /health}
   */
  String describe();
}
