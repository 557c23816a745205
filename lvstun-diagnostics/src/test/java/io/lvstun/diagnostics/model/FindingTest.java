// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.Recorded;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingTest {

  private static Finding finding(Status status) {
    return Clusters.finding(Clusters.withServer(Recorded.facts("json-rs1")), "TUN-001", "rs")
                .status()
            == status
        ? Clusters.finding(Clusters.withServer(Recorded.facts("json-rs1")), "TUN-001", "rs")
        : with(status);
  }

  private static Finding with(Status status) {
    Finding base =
        Clusters.finding(Clusters.withServer(Recorded.facts("json-rs1")), "TUN-001", "rs");
    return new Finding(
        base.check(),
        status,
        "rs",
        "it is so",
        "",
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        false,
        false,
        Duration.ZERO);
  }

  @Test
  void wrongIsWhatFailsOrWarnsAndNothingElse() {
    for (Status status : Status.values()) {
      assertThat(finding(status).wrong()).isEqualTo(status == Status.FAIL || status == Status.WARN);
    }
  }

  @Test
  void copiesKeepTheRest() {
    Finding finding = with(Status.FAIL);
    Finding ranked = finding.ranked(true, List.of("TUN-002"));
    assertThat(ranked.rootCause()).isTrue();
    assertThat(ranked.causedBy()).containsExactly("TUN-002");
    assertThat(ranked.blocked(List.of("KRN-003")).causedBy()).containsExactly("TUN-002");
    assertThat(ranked.blocked(List.of("KRN-003")).blockedBy()).containsExactly("KRN-003");
    assertThat(ranked.timed(Duration.ofMillis(3)).rootCause()).isTrue();
    assertThat(ranked.timed(Duration.ofMillis(3)).took()).hasMillis(3);
    assertThat(ranked).hasToString("FAIL TUN-001 rs: it is so");
  }
}
