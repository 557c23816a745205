// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One report of a load source about one server.
 *
 * @param load the load, 0 to 10000; its unit is the source's, the same for all servers: processes
 *     that run or wait, per core or not, or a share of time. Empty if the source gives no load
 * @param agent what an agent said; empty for other sources
 * @since 0.1.0
 */
public record LoadReport(OptionalDouble load, Optional<AgentReport> agent) {

  /** The highest load that is believed: {@value}. */
  public static final double HIGHEST = 10_000;

  /**
   * Checks the load.
   *
   * @throws IllegalArgumentException if it is not a number, negative or beyond {@link #HIGHEST}
   */
  public LoadReport {
    Objects.requireNonNull(agent, "agent");
    load.ifPresent(LoadReport::requireValid);
  }

  /**
   * Returns a report of a load.
   *
   * @param load 0 to 10000
   * @return the report
   * @throws IllegalArgumentException if it is not a number, negative or beyond {@link #HIGHEST}
   */
  public static LoadReport of(double load) {
    return new LoadReport(OptionalDouble.of(load), Optional.empty());
  }

  /**
   * Returns a report of an agent.
   *
   * @param agent what it said
   * @return the report
   */
  public static LoadReport of(AgentReport agent) {
    Objects.requireNonNull(agent, "agent");
    return new LoadReport(OptionalDouble.empty(), Optional.of(agent));
  }

  static void requireValid(double load) {
    if (!(load >= 0 && load <= HIGHEST)) {
      throw new IllegalArgumentException("load must be 0 to " + HIGHEST + ", not " + load);
    }
  }
}
