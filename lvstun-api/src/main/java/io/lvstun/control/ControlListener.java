// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

/**
 * Receives a controller's decisions, in order, on its own thread: a listener that is slow or throws
 * delays nothing. When more than a thousand decisions wait for it, the oldest are dropped, and the
 * log says how many.
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
