// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import org.junit.jupiter.api.Test;

class OwnCheckExampleTest {

  @Test
  void theCheckIsReportedForEachRealServer() {
    Check own = OwnCheckExample.jumboFrames();
    Topology topology =
        Topology.builder().realServer("rs1", Host.netns("lvstun-no-such-namespace")).build();
    Report report =
        OwnCheckExample.examination(topology, own).selecting(check -> check == own).run();
    assertThat(report.findings())
        .filteredOn(finding -> finding.check() == own)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.host()).isEqualTo("rs1");
              assertThat(finding.status()).isEqualTo(Status.SKIP);
              assertThat(finding.blockedBy()).containsExactly("HST-001");
            });
    assertThat(report.findings()).extracting(Finding::code).contains("HST-001");
  }
}
