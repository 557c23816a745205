// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import com.google.errorprone.annotations.CheckReturnValue;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.engine.Engine;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Report;
import java.util.function.Predicate;

/**
 * Tells what is wrong with an LVS-TUN cluster, on which host, why, and how to put it right.
 *
 * <pre>{@code
 * Topology topology =
 *     Topology.builder()
 *         .director(Host.local())
 *         .realServer(Host.ssh("root@rs1"))
 *         .realServer(Host.ssh("root@rs2"))
 *         .build();
 * Report report = Doctor.examine(topology).run();
 * report.rootCauses().forEach(System.out::println);
 * }</pre>
 *
 * <p>Nothing is changed on any host.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Doctor {

  private Doctor() {}

  /**
   * Begins an examination.
   *
   * @param topology the hosts
   * @return an examination, with the whole catalogue and the default limits
   */
  public static Examination examine(Topology topology) {
    return new Examination(topology);
  }

  /**
   * Analyses facts that were collected before. No host is spoken to.
   *
   * @param cluster the hosts with their facts
   * @return what the whole catalogue finds in them
   */
  public static Report analyse(Cluster cluster) {
    return analyse(cluster, check -> true);
  }

  /**
   * Analyses facts that were collected before. No host is spoken to.
   *
   * @param cluster the hosts with their facts
   * @param selected the checks to report; those they depend on are run as well, and reported if
   *     they fail
   * @return what they find
   */
  public static Report analyse(Cluster cluster, Predicate<Check> selected) {
    return Engine.of(Catalogue.checks()).examine(cluster, selected);
  }
}
