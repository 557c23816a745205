// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class ApplyReportTest {

  private static final Change CHANGE = new Change(new Command.Flush(), List.of());
  private static final ApplyReport.FailedChange FAILED =
      new ApplyReport.FailedChange(
          CHANGE,
          new LvsException(
              new LvsException.Failure("flush", "", "test", "no", OptionalInt.empty(), "")));

  @Test
  void textCountsWhatThereIs() {
    List<Change> none = List.of();
    assertThat(new ApplyReport(none, List.of(), none, none, List.of(), List.of(), none))
        .hasToString("0 done");
    List<Change> two = List.of(CHANGE, CHANGE);
    assertThat(
            new ApplyReport(two, List.of(FAILED), two, two, List.of(FAILED), List.of(FAILED), two))
        .hasToString(
            "2 done, 1 failed, 2 not attempted, 2 undone, 1 not undone, 1 unknown, 2 differing");
  }

  @Test
  void listsAreCopied() {
    List<Change> done = new ArrayList<>(List.of(CHANGE));
    List<Change> none = List.of();
    ApplyReport report = new ApplyReport(done, List.of(), none, none, List.of(), List.of(), none);
    done.clear();
    assertThat(report.done()).containsExactly(CHANGE).isUnmodifiable();
  }
}
