// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a control plane that sets weights by load knows: the real servers' reports, and the weights
 * it made of them. An application that does so fills this in; the LOAD checks judge it.
 *
 * @param at when this was written, by the control plane's clock: ages count from then
 * @param expiry how old a report may be
 * @param servers the real servers
 * @since 0.1.0
 */
public record LoadReports(Instant at, Duration expiry, List<Server> servers) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the expiry is not positive
   */
  public LoadReports {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(servers, "servers");
    servers = List.copyOf(servers);
    if (expiry.isNegative() || expiry.isZero()) {
      throw new IllegalArgumentException("expiry must be positive, not " + expiry);
    }
  }

  /**
   * A real server.
   *
   * @param name its address or name
   * @param reported when its last report was made
   * @param base the weight it has without feedback, at least 1
   * @param floor the least weight that feedback gives it, at least 0
   * @param weights the weights it was given, oldest first, the present one last; at least one
   * @since 0.1.0
   */
  public record Server(String name, Instant reported, int base, int floor, List<Integer> weights) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no weight, or a number is out of range
     */
    public Server {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(reported, "reported");
      Objects.requireNonNull(weights, "weights");
      weights = List.copyOf(weights);
      if (weights.isEmpty()) {
        throw new IllegalArgumentException("weights must have at least one, the present one");
      }
      if (base < 1 || floor < 0 || floor > base) {
        throw new IllegalArgumentException(
            "floor must be 0 to base, and base at least 1, not " + floor + " and " + base);
      }
    }

    /**
     * Returns the present weight.
     *
     * @return the weight
     */
    public int weight() {
      return weights.get(weights.size() - 1);
    }
  }
}
