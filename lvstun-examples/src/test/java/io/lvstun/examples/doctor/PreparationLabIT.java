// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import io.lvstun.host.Host;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Bare hosts become a cluster, and bare hosts again. */
class PreparationLabIT {

  private static final Host DIRECTOR = Host.netns("director");
  private static final Host RS1 = Host.netns("rs1");
  private static final Host RS2 = Host.netns("rs2");

  private static Map<String, TreeMap<String, String>> dumps(Topology cluster) {
    Map<String, TreeMap<String, String>> dumps = new TreeMap<>();
    for (LabHost host : List.of(cluster.director(), cluster.realServer(1), cluster.realServer(2))) {
      dumps.put(host.name(), HostDump.of(host));
    }
    return dumps;
  }

  private static List<StepResult> lasting(List<StepResult> results, boolean lasting) {
    return results.stream().filter(result -> result.lasting() == lasting).toList();
  }

  @Test
  void bareHostsServeAfterPreparationAndAreBareAgainAfterwards() {
    try (Topology cluster =
        Topology.routed(2).prepare(Preparation.none()).vipOnDirector(false).start()) {
      Map<String, TreeMap<String, String>> before = dumps(cluster);

      List<StepResult> done = PrepareHostsExample.prepare(DIRECTOR, RS1, RS2);
      assertThat(lasting(done, false))
          .allMatch(step -> step.state() == State.DONE || step.state() == State.ALREADY);
      // The machine's own /etc is none of the namespaces' business.
      assertThat(lasting(done, true))
          .allMatch(result -> result.state() == State.LEFT)
          .anyMatch(result -> result.detail().contains("/etc/netns/rs1"));

      try (Director director = Director.builder().networkNamespace("director").open()) {
        PrepareHostsExample.serve(director);
        assertThat(cluster.client().get(cluster.vipUrl(), 10).byServer())
            .isEqualTo(Map.of("rs1", 5, "rs2", 5));
        assertThat(cluster.realServer(1).run("ip", "-j", "address", "show", "tunl0"))
            .contains("\"local\":\"192.168.1.200\",\"prefixlen\":32");

        List<StepResult> again = PrepareHostsExample.prepare(DIRECTOR, RS1, RS2);
        assertThat(lasting(again, false)).extracting(StepResult::state).containsOnly(State.ALREADY);
        director.flush();
      }

      List<StepResult> back = PrepareHostsExample.unprepare(DIRECTOR, RS1, RS2);
      assertThat(back).isNotEmpty().allMatch(step -> step.state() == State.DONE);
      assertThat(dumps(cluster)).isEqualTo(before);
    }
  }
}
