// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.host.Host;
import org.junit.jupiter.api.Test;

/** A check of one's own, on two real servers whose MTU differs. */
class OwnCheckExampleLabIT {

  @Test
  void namesTheServerWithAStandardFrame() {
    try (var lab = io.lvstun.examples.lab.Topology.routed(2).prepare(Preparation.none()).start()) {
      lab.realServer(2).run("ip", "link", "set", "eth0", "mtu", "9000");
      Check own = OwnCheckExample.jumboFrames();
      Topology topology =
          Topology.builder()
              .realServer("rs1", Host.netns("rs1"))
              .realServer("rs2", Host.netns("rs2"))
              .build();

      Report report =
          OwnCheckExample.examination(topology, own).selecting(check -> check == own).run();

      assertThat(report.findings())
          .filteredOn(finding -> finding.check() == own)
          .extracting(Finding::host, Finding::status, Finding::observed)
          .containsExactly(
              tuple("rs1", Status.WARN, "eth0 has MTU 1500"),
              tuple("rs2", Status.PASS, "all cards have 9000 or more"));
    }
  }
}
