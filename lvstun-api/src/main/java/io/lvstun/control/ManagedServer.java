// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.health.Health;
import io.lvstun.health.ServerHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the core knows of a real server of a desired service. Mutable; of the core's thread. */
final class ManagedServer {

  /** What the checks said last, by their names. */
  final Map<String, ServerHealth.Checked> checks = new LinkedHashMap<>();

  /** The weight that the load asks for; null without a source. */
  @Nullable Integer load;

  /** When the slow start began; negative if there is none under way. */
  long slowFrom = -1;

  /** Whether the table held it, with weight, when the controller started. */
  boolean adopted;

  /** Whether the last reading had it in the table at weight 0. */
  boolean quiesced;

  /** Whether the last reading had it in the table at all. */
  boolean listed;

  long connections;
  long templates;

  Health told = Health.UNKNOWN;
  long toldAt;

  Health health() {
    Health all = checks.isEmpty() ? Health.UNKNOWN : Health.UP;
    for (ServerHealth.Checked each : checks.values()) {
      Health one = each.state().health();
      if (one == Health.DOWN) {
        return Health.DOWN;
      }
      if (one == Health.UNKNOWN) {
        all = Health.UNKNOWN;
      }
    }
    return all;
  }
}
