// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;

/**
 * A question to a real server, as a value: equal checks of one server are asked once, however many
 * services want the answer.
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
