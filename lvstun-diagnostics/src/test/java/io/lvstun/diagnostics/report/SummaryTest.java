// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.ManualChange;
import io.lvstun.host.SetLinkUp;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void verdictIsOneSentence() {
    assertThat(Summary.of(Reports.broken()))
        .isEqualTo("broken: 1 check fails on rs; begin with TUN-001 on rs");
    Report passing = only(Status.PASS);
    assertThat(Summary.of(passing)).isEqualTo("nothing is wrong: 1 check passes on 2 hosts");
    assertThat(Summary.of(only(Status.WARN)))
        .isEqualTo("nothing is broken, but 1 thing could be better on rs");
    assertThat(Summary.of(only(Status.ERROR)))
        .isEqualTo("nothing is known to be broken, but 1 check could not look on rs");
  }

  private static Report only(Status status) {
    return Reports.hostile().filtered(finding -> finding.status() == status);
  }

  @Test
  void servicesAreThoseOfTheCluster() {
    assertThat(Summary.services(Reports.healthy())).contains("TCP 192.168.1.200:80");
  }

  @Test
  void stepIsTheCommandOrWhatPeopleDo() {
    assertThat(Summary.text(new SetLinkUp("tunl0"))).isEqualTo("ip link set dev tunl0 up");
    assertThat(Summary.text(new ManualChange("Call the provider.")))
        .isEqualTo("Call the provider.");
  }
}
