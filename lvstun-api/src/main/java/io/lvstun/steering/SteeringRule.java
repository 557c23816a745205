// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One rule of a {@link Steering}. Rules are tried in order; the first that applies decides.
 *
 * @since 0.1.0
 */
public sealed interface SteeringRule {

  /**
   * Sends what matches to a pool.
   *
   * @param match which clients or packets
   * @param pool name of the pool
   * @since 0.1.0
   */
  record Send(Match match, String pool) implements SteeringRule {
    /** Checks that nothing is missing. */
    public Send {
      Objects.requireNonNull(pool, "pool");
      Objects.requireNonNull(match, "match");
    }

    /** Returns {@code countries CN JP -> asia}. */
    @Override
    public String toString() {
      return match + " -> " + pool;
    }
  }

  /**
   * Sends each client to the nearest node, by the great circle between the node and the coordinates
   * that the database has for the client; of equally near nodes to the one named first. A client
   * without coordinates goes on to the next rule.
   *
   * @param nodes at least one
   * @since 0.1.0
   */
  record Nearest(List<Node> nodes) implements SteeringRule {

    /** Copies the list. */
    public Nearest {
      Objects.requireNonNull(nodes, "nodes");
      nodes = List.copyOf(nodes);
      if (nodes.isEmpty()) {
        throw new IllegalArgumentException("node must be given at least once");
      }
    }

    /** Returns {@code nearest of asia, europe}. */
    @Override
    public String toString() {
      return nodes.stream().map(Node::pool).collect(Collectors.joining(", ", "nearest of ", ""));
    }
  }

  /**
   * Where a pool is.
   *
   * @param pool name of the pool
   * @param coordinates where its servers are
   * @since 0.1.0
   */
  record Node(String pool, Coordinates coordinates) {
    /** Checks that nothing is missing. */
    public Node {
      Objects.requireNonNull(pool, "pool");
      Objects.requireNonNull(coordinates, "coordinates");
    }
  }

  /** The pools the rule may choose. */
  private List<String> pools() {
    return this instanceof Nearest nearest
        ? nearest.nodes().stream().map(Node::pool).toList()
        : List.of(((Send) this).pool());
  }

  /** Checks that the rule's pools exist. */
  static void check(List<SteeringRule> rules, Map<String, Pool> pools) {
    Objects.requireNonNull(pools, "pools");
    for (SteeringRule rule : rules) {
      for (String pool : rule.pools()) {
        if (!pools.containsKey(pool)) {
          throw new IllegalArgumentException(
              "rule \"" + rule + "\" names pool " + pool + ", but the pools are " + pools.keySet());
        }
      }
    }
  }
}
