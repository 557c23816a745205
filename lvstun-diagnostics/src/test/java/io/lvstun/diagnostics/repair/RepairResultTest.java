// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepairResultTest {

  private static Report report(boolean up) {
    return Doctor.analyse(
            Clusters.withServer(
                up
                    ? Recorded.facts("json-rs1")
                    : Clusters.edited(
                        "json-rs1",
                        f -> f.replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\""))),
            check -> check.code().equals("TUN-001"))
        .filtered(finding -> finding.code().equals("TUN-001"));
  }

  @Test
  void repairedIsWhatWasWrongAndPassesNow() {
    RepairResult result = new RepairResult(report(false), List.of(), report(true));
    assertThat(result.repaired()).extracting(Finding::code).containsExactly("TUN-001");
    assertThat(result.remaining()).isEmpty();
  }

  @Test
  void whatPassedBeforeIsNotRepaired() {
    RepairResult result = new RepairResult(report(true), List.of(), report(true));
    assertThat(result.repaired()).isEmpty();
    assertThat(result.remaining()).isEmpty();
  }

  @Test
  void whatIsWrongOnlyNowRemains() {
    RepairResult result = new RepairResult(report(true), List.of(), report(false));
    assertThat(result.repaired()).isEmpty();
    assertThat(result.remaining()).extracting(Finding::code).containsExactly("TUN-001");
  }
}
