// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.probe.ConnectionAttempt;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProbeVerdictsTest {

  private static ConnectionAttempt attempt(String outcome, String numbers) {
    return ConnectionAttempt.parse(
            "attempt address=192.0.2.1 port=80 local=1 outcome="
                + outcome
                + " ms=12 sent=65536 received=0 "
                + numbers)
        .get(0);
  }

  @Test
  void failedIsWhatDidNotOpenOrWasReset() {
    for (ConnectionAttempt.Outcome outcome : ConnectionAttempt.Outcome.values()) {
      assertThat(ProbeVerdicts.failed(attempt(outcome.name().toLowerCase(Locale.ROOT), "")))
          .isEqualTo(!outcome.opened() || outcome == ConnectionAttempt.Outcome.RESET);
    }
  }

  @Test
  void wordsCountEachOutcome() {
    assertThat(
            ProbeVerdicts.failures(
                "TCP x",
                4,
                List.of(attempt("refused", ""), attempt("timeout", ""), attempt("timeout", ""))))
        .isEqualTo("TCP x: 1 of 4 are refused at once, 2 of 4 get no answer");
    assertThat(ProbeVerdicts.opened("TCP x", List.of(attempt("ok", ""), attempt("silent", ""))))
        .isEqualTo("TCP x: 2 connections opened within 12 ms, 1 of them were answered");
    assertThat(ProbeVerdicts.opened("TCP x", List.of(attempt("closed", ""))))
        .contains("which other protocols do not");
  }

  @Test
  void stalledIsWhatIsSentInVainAndNotWhatIsSlow() {
    assertThat(ProbeVerdicts.stalled(attempt("stalled", "mss=1440 acked=100 retrans=5"))).isTrue();
    assertThat(ProbeVerdicts.stalled(attempt("stalled", "mss=1440 acked=9000 retrans=0")))
        .isFalse();
    assertThat(ProbeVerdicts.stalled(attempt("stalled", "mss=1440 acked=9000 retrans=3"))).isTrue();
    assertThat(ProbeVerdicts.stalled(attempt("ok", "mss=1440 acked=0 retrans=3"))).isFalse();
    assertThat(ProbeVerdicts.through(attempt("ok", ""))).isTrue();
    assertThat(ProbeVerdicts.through(attempt("ok", "mss=1440 acked=2880"))).isFalse();
  }

  @Test
  void adviceNamesOnlyWhatHappened() {
    assertThat(ProbeVerdicts.advice(Set.of(ConnectionAttempt.Outcome.OK), codes -> codes))
        .isEmpty();
    assertThat(ProbeVerdicts.advice(Set.of(ConnectionAttempt.Outcome.REFUSED), codes -> codes))
        .contains("Refused at once", "PRB-002")
        .doesNotContain("No answer");
    assertThat(ProbeVerdicts.sizes(List.of(attempt("ok", "mss=1440 pmtu=1480"))))
        .isEqualTo(" (MSS 1440, path MTU 1480)");
    assertThat(ProbeVerdicts.sizes(List.of(attempt("ok", "")))).isEmpty();
  }

  @Test
  void everyCodeThatIsBlamedIsOfTheCatalogue() {
    Set<String> known = new HashSet<>();
    Catalogue.checks().forEach(check -> known.add(check.code()));
    for (List<String> codes :
        List.of(ProbeVerdicts.CONNECTION, ProbeVerdicts.TUNNEL, ProbeVerdicts.TRANSFER)) {
      assertThat(known).containsAll(codes);
      assertThat(codes).doesNotHaveDuplicates();
    }
  }
}
