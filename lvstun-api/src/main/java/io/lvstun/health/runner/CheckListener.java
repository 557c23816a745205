// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.ServerKey;
import io.lvstun.health.CheckState;
import io.lvstun.health.HealthCheck;

/**
 * Receives what checks find. It is called from one thread, one call at a time, in the order of the
 * results; a listener that takes long delays other listeners, never the checks. What it throws is
 * logged.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CheckListener {

  /**
   * A check has run.
   *
   * @param server which server
   * @param check what was asked
   * @param step what is known now, and the change of health if there is one
   */
  void checked(ServerKey server, HealthCheck check, CheckState.Step step);
}
