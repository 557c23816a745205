// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ApplyExceptionTest {

  private static final List<Change> NONE = List.of();
  private static final LvsException ERROR =
      new LvsException(
          new LvsException.Failure(
              "add service", "FWM 1", "test", "out of memory", OptionalInt.of(12), "Free some."));

  private static Change change(int mark) {
    return new Change(new Command.RemoveService(ServiceKey.fwmark(mark)), List.of());
  }

  private static ApplyReport failed(boolean undone) {
    ApplyReport.FailedChange failure = new ApplyReport.FailedChange(change(1), ERROR);
    return new ApplyReport(
        NONE, List.of(failure), NONE, NONE, undone ? List.of() : List.of(failure), List.of(), NONE);
  }

  @Test
  void firstFailureIsToldWithItsHintAndCode() {
    ApplyException e = ApplyException.failed("test", failed(true));
    assertThat(e)
        .hasCause(ERROR)
        .hasMessage(
            "cannot apply the plan (test): 0 done, 1 failed; first failure: cannot add service FWM"
                + " 1: out of memory [12]. Free some.");
    assertThat(e.report().failed()).hasSize(1);
  }

  @Test
  void tableBetweenTwoStatesIsSaid() {
    assertThat(ApplyException.failed("test", failed(false)).hint())
        .isEqualTo("The table is between the old and the new state: apply again. Free some.");
  }

  @Test
  void fewDifferencesAreNamedAndTheRestCounted() {
    List<Change> differing = IntStream.rangeClosed(1, 7).mapToObj(i -> change(i)).toList();
    ApplyReport report =
        new ApplyReport(NONE, List.of(), NONE, NONE, List.of(), List.of(), differing);
    assertThat(ApplyException.interfered("test", "the deadline of 5 s", report).reason())
        .endsWith(
            "until the deadline of 5 s; still to change: - FWM 1; - FWM 2; - FWM 3; - FWM 4; -"
                + " FWM 5; … 2 more");
  }
}
