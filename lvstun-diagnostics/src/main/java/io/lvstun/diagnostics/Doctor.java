// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import com.google.errorprone.annotations.CheckReturnValue;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.engine.Engine;
import io.lvstun.diagnostics.model.Category;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Report;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
    return analyse(cluster, selected, List.of());
  }

  /**
   * Analyses facts that were collected before, with checks of the caller besides the catalogue.
   *
   * @param cluster the hosts with their facts
   * @param selected the checks to report; those they depend on are run as well, and reported if
   *     they fail
   * @param own checks with the codes of {@link Category#OWN}; they may depend on checks of the
   *     catalogue and on one another
   * @return what they find
   * @throws IllegalArgumentException if a check has a code of another category, two have the same
   *     code or slug, or one depends on a check that does not exist
   */
  public static Report analyse(Cluster cluster, Predicate<Check> selected, List<Check> own) {
    return engine(own).examine(cluster, selected);
  }

  static Engine engine(List<Check> own) {
    for (Check check : own) {
      if (check.category() != Category.OWN) {
        throw new IllegalArgumentException(
            "the code of an own check must be OWN-001 to OWN-999, not " + check.code());
      }
    }
    return Engine.of(Stream.concat(Catalogue.checks().stream(), own.stream()).toList());
  }
}
