// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Weights that follow load, and the reports behind them. The doctor's LOAD checks judge it.
 * Immutable.
 *
 * @param at when this was written; ages count from then
 * @param staleAfter how old a report may be
 * @param servers the real servers
 * @since 0.1.0
 */
public record WeightReport(Instant at, Duration staleAfter, List<Server> servers) {

  /** How many weights {@link #after} keeps for each server: {@value}. */
  public static final int HISTORY = 60;

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the age is not positive
   */
  public WeightReport {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(servers, "servers");
    servers = List.copyOf(servers);
    if (staleAfter.isNegative() || staleAfter.isZero()) {
      throw new IllegalArgumentException("staleAfter must be positive, not " + staleAfter);
    }
  }

  /**
   * A real server.
   *
   * @param name its address or name
   * @param reported when its last report was made
   * @param base the weight it has without feedback, at least 1
   * @param weights the weights it was given, oldest first, the present one last; at least one
   * @since 0.1.0
   */
  public record Server(String name, Instant reported, int base, List<Integer> weights) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no weight, or the base is out of range
     */
    public Server {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(reported, "reported");
      Objects.requireNonNull(weights, "weights");
      weights = List.copyOf(weights);
      if (weights.isEmpty()) {
        throw new IllegalArgumentException("weights must have at least one, the present one");
      }
      WeightArgument.of("base", base, 1, 65535);
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

  /**
   * Returns what a loop knows.
   *
   * @param now the present time
   * @param loop the loop
   * @return its servers with their present weights; one without a report counts from when it joined
   */
  public static WeightReport of(Instant now, WeightLoop loop) {
    Objects.requireNonNull(now, "now");
    List<Server> servers = new ArrayList<>();
    loop.servers()
        .forEach(
            (key, server) ->
                servers.add(
                    new Server(
                        key.toString(),
                        server.load().map(WeightLoop.Load::at).orElse(server.joined()),
                        server.base(),
                        List.of(server.weight()))));
    return new WeightReport(now, loop.damping().staleAfter(), servers);
  }

  /**
   * Returns a copy with the weights of an earlier report before its own, so that checks see whether
   * weights settle.
   *
   * @param earlier the report before this one
   * @return the copy, with at most {@link #HISTORY} weights for each server
   */
  public WeightReport after(WeightReport earlier) {
    Objects.requireNonNull(earlier, "earlier");
    List<Server> joined = new ArrayList<>();
    for (Server server : servers) {
      List<Integer> weights = new ArrayList<>();
      earlier.servers().stream()
          .filter(one -> one.name().equals(server.name()))
          .forEach(one -> weights.addAll(one.weights()));
      weights.addAll(server.weights());
      joined.add(
          new Server(
              server.name(),
              server.reported(),
              server.base(),
              weights.subList(Math.max(0, weights.size() - HISTORY), weights.size())));
    }
    return new WeightReport(at, staleAfter, joined);
  }
}
