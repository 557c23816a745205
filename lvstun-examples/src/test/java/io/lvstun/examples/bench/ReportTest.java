// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {

  private static final Shape SHAPE = new Shape(1000, 10);

  /** Three rounds, of which the second one was on a slow machine. */
  private static Samples rounds() {
    Samples samples = new Samples();
    long[][] rounds = {{100, 110}, {300, 345}, {100, 120}};
    for (long[] round : rounds) {
      samples.add(Contender.FLOOR, Map.of(Work.APPLY, round[0], Work.READ, round[0]));
      samples.add(Contender.WARM, Map.of(Work.APPLY, round[1], Work.VERIFY, 3 * round[1]));
    }
    return samples;
  }

  @Test
  void roundsArePaired() {
    Samples samples = rounds();
    assertThat(samples.ratios(Work.APPLY, Contender.WARM, Work.APPLY, Contender.FLOOR))
        .containsExactly(1.1, 1.15, 1.2);
    assertThat(samples.ratios(Work.VERIFY, Contender.WARM, Work.READ, Contender.FLOOR)).hasSize(3);
    assertThat(samples.ratios(Work.WEIGHT, Contender.WARM, Work.WEIGHT, Contender.FLOOR)).isEmpty();
    assertThat(Samples.median(List.of(3.0, 1.0))).isCloseTo(2.0, within(1e-9));
  }

  @Test
  void goalsAreJudgedByTheMedianOfTheRatiosAndTellTheirRange() {
    List<Goal> goals = Goal.of(Map.of(SHAPE, rounds()));
    assertThat(goals)
        .singleElement()
        .satisfies(
            goal -> {
              assertThat(goal.met()).isTrue();
              assertThat(goal)
                  .hasToString(
                      "reached 1000x10: apply from empty, warm against floor:"
                          + " 1.15 x (1.10 x to 1.20 x), at most 1.15 x");
            });
  }

  @Test
  void tableShowsTheMedianOfTheRatiosAndEveryContender() {
    Report report =
        new Report(
            Map.of("kernel", "6.1"), Map.of(SHAPE, rounds()), Goal.of(Map.of(SHAPE, rounds())));
    assertThat(report.table())
        .contains(Contender.FLOOR, Contender.SINGLE, "(  1.15,", Work.VERIFY.title());
    assertThat(report.json()).contains("\"least\": 1.1000", "\"most\": 1.2000");
  }

  @Test
  void memoryIsAddedToWhatWasReportedBefore() {
    Report before = new Report(Map.of("kernel", "6.1"), Map.of(SHAPE, rounds()), Goal.of(Map.of()));
    Report after = before.with(Goal.memory(401));
    assertThat(before.json()).doesNotContain("live heap");
    assertThat(after.json()).contains("live heap", "\"value\": 401.0000", "\"reached\": false");
    assertThat(after.samples()).isEqualTo(before.samples());
  }

  @Test
  void smallTimesKeepTheirDigits() {
    assertThat(Report.millis(8_758)).isEqualTo("0.00876");
    assertThat(Report.millis(2_345_678)).isEqualTo("2.35");
    assertThat(Report.millis(76_900_000)).isEqualTo("76.9");
  }
}
