// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReporterTest {

  private final Reporter reporter = new Reporter();

  @Test
  void actionsAreHandedOutOnceAndInOrder() {
    Action read = new Action.Read(null);
    reporter.act(read);
    reporter.tell(Decision.Kind.UP, null, null, "what", "why", "");
    assertThat(reporter.drain()).hasSize(2).startsWith(read);
    assertThat(reporter.drain()).isEmpty();
  }

  @Test
  void decisionHasTheTimeOfItsEventAndNoNegativeDuration() {
    reporter.at(1234);
    reporter.tell(Decision.Kind.APPLIED, null, null, "what", "", "", -5);
    Decision decision = ((Action.Tell) reporter.drain().get(0)).decision();
    assertThat(decision.at()).isEqualTo(Instant.ofEpochMilli(1234));
    assertThat(decision.took()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "20, 20", "21, 21", "1000, 21"})
  void longListsAreCutWithTheNumberOfTheRest(int items, int lines) {
    String text = Reporter.lines(IntStream.range(0, items).boxed().toList());
    assertThat(text.lines()).hasSize(lines);
    if (items > 20) {
      assertThat(text).endsWith("19\n… " + (items - 20) + " more");
    }
  }
}
