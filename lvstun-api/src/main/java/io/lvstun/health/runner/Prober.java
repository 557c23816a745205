// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.ServerKey;
import io.lvstun.health.CheckResult;
import io.lvstun.health.HealthCheck;
import java.util.function.Consumer;

/** Asks a question once. */
interface Prober {

  /**
   * Starts; on the loop's thread.
   *
   * @param turn how often in a row the server has passed, which says whose turn it is among several
   *     exchanges that are asked one a run
   * @param done told once, on the loop's thread
   */
  void start(ServerKey server, HealthCheck check, int turn, Consumer<CheckResult> done);
}
