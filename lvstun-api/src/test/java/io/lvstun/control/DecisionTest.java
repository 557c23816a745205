// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecisionTest {

  private static Decision decision(String why, String evidence, Duration took) {
    return new Decision(
        Instant.EPOCH,
        Decision.Kind.APPLIED,
        Optional.empty(),
        Optional.empty(),
        "2 changes",
        why,
        evidence,
        took);
  }

  @Test
  void emptyPartsAreLeftOut() {
    assertThat(decision("", "", Duration.ZERO)).hasToString("APPLIED: 2 changes");
    assertThat(decision("a server is up", "", Duration.ofNanos(1_900_000)))
        .hasToString("APPLIED: 2 changes: a server is up (1 ms)");
  }

  @Test
  void evidenceIsIndentedLineByLine() {
    assertThat(decision("w", "+ a\n\n- b", Duration.ZERO))
        .hasToString("APPLIED: 2 changes: w\n  + a\n  \n  - b");
  }

  @Test
  void whatAnOperatorMustSeeIsTroubleAndItsEndIsNot() {
    assertThat(Decision.Kind.values())
        .filteredOn(Decision.Kind::trouble)
        .extracting(Decision.Kind::name)
        .containsExactlyInAnyOrder(
            "STATE_REJECTED",
            "STORE_FAILED",
            "APPLY_FAILED",
            "HELD",
            "DRIFT",
            "FIGHT",
            "KERNEL_LOST",
            "DOWN",
            "PANIC",
            "QUORUM_LOST",
            "ABANDONED");
  }
}
