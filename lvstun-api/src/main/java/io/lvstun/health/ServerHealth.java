// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import io.lvstun.RealServer;
import java.util.Collection;
import java.util.Objects;

/**
 * What all the checks of one server say together, as keepalived combines them: a server is up only
 * if no check has it down, and its weight is the configured one plus what the checks add.
 *
 * @param health down if a check has it down, unknown if none has and one does not know, otherwise
 *     up; up if it has no checks
 * @param serving whether it takes traffic: not down, and no unknown check wants proof first
 * @param inhibits whether a server that does not serve stays in the table with weight 0
 * @param weight the weight while it serves, 0 to 65535
 * @since 0.1.0
 */
public record ServerHealth(Health health, boolean serving, boolean inhibits, int weight) {
  /** Checks that nothing is missing. */
  public ServerHealth {
    Objects.requireNonNull(health, "health");
  }

  /**
   * One check of the server: how its results count, and what they said.
   *
   * @param policy how results count
   * @param state what is known
   * @since 0.1.0
   */
  public record Checked(HealthPolicy policy, CheckState state) {
    /** Checks that nothing is missing. */
    public Checked {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(policy, "policy");
    }
  }

  /**
   * Combines the checks of a server.
   *
   * @param weight the configured weight, 0 to 65535
   * @param checks its checks
   * @return what they say together
   * @throws IllegalArgumentException if the weight is out of range
   */
  public static ServerHealth of(int weight, Collection<Checked> checks) {
    HealthArgument.of("weight", weight, 0, RealServer.MAX_WEIGHT);
    Health health = Health.UP;
    boolean serving = true;
    boolean inhibits = false;
    long sum = weight;
    for (Checked each : checks) {
      Health one = each.state().health();
      boolean serves = one == Health.UP || (one == Health.UNKNOWN && each.policy().startsUp());
      serving &= serves;
      inhibits |= each.policy().inhibits();
      if (one == Health.DOWN || health == Health.UP) {
        health = one;
      }
      if (each.state().shift().isPresent()) {
        sum += each.state().shift().get().delta(weight);
      }
    }
    int effective = (int) Math.max(0, Math.min(RealServer.MAX_WEIGHT, sum));
    return new ServerHealth(health, serving, inhibits, effective);
  }
}
