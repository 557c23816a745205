// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import io.lvstun.VirtualService;
import io.lvstun.steering.SteeringReport;
import io.lvstun.weight.WeightReport;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link Topology} states beside its hosts: the services as they should be, how directors
 * share the work, and what programs report that steer clients or set weights. All of it is
 * optional; checks that need what was not stated are skipped. Immutable.
 *
 * <p>It goes into the facts of each director as the section {@value #SECTION}, a {@linkplain
 * ClusterDocument cluster document} without hosts, so that bundles have it. A probe of an
 * application can also add that section itself.
 *
 * @param desired the services with their real servers; empty if not stated
 * @param highAvailability how the directors share the work
 * @param steering what steers clients by place
 * @param weights the weights that follow load
 * @since 0.1.0
 */
public record ClusterStatement(
    List<VirtualService> desired,
    HighAvailability highAvailability,
    Optional<SteeringReport> steering,
    Optional<WeightReport> weights) {

  /** The name of the section that holds it among a director's facts. */
  public static final String SECTION = "cluster-statement";

  /** Says nothing. */
  public static final ClusterStatement UNSTATED =
      new ClusterStatement(
          List.of(), HighAvailability.UNSTATED, Optional.empty(), Optional.empty());

  /** Copies the list. */
  public ClusterStatement {
    Objects.requireNonNull(desired, "desired");
    Objects.requireNonNull(highAvailability, "highAvailability");
    Objects.requireNonNull(steering, "steering");
    Objects.requireNonNull(weights, "weights");
    desired = List.copyOf(desired);
  }

  /**
   * Tells whether anything is stated.
   *
   * @return true if so
   */
  public boolean stated() {
    return !equals(UNSTATED);
  }
}
