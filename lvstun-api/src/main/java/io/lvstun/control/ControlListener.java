// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

/**
 * Hears of a controller's decisions, in their order, on a thread of its own: one that is slow or
 * throws holds nobody up. When more than a thousand decisions wait for it, the oldest are dropped,
 * and the log says how many.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ControlListener {

  /**
   * Called after each decision.
   *
   * @param decision the decision
   */
  void decided(Decision decision);
}
