// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.lvstun.Command;
import io.lvstun.LvsException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  private static final Command FLUSH = new Command.Flush();
  private static final LvsException ERROR =
      new LvsException(
          new LvsException.Failure("flush", "", "test", "no", OptionalInt.empty(), ""));

  @Test
  void outcomeIsDoneOrHasAnError() {
    assertThat(Outcome.done(FLUSH).failure()).isEmpty();
    assertThat(Outcome.failed(FLUSH, ERROR).failure()).containsSame(ERROR);
  }

  @Test
  void failureNeedsItsError() {
    assertThatNullPointerException()
        .isThrownBy(() -> Outcome.failed(FLUSH, nullError()))
        .withMessage("error");
    assertThat(new Outcome(FLUSH, null)).isEqualTo(Outcome.done(FLUSH));
  }

  @SuppressWarnings("NullAway")
  private static LvsException nullError() {
    return null;
  }
}
