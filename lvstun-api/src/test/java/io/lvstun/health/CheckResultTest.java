// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CheckResultTest {

  @Test
  void foreignTextIsMadeHarmless() {
    CheckResult result =
        CheckResult.passed("ok\u001b[2J\u202e\n" + "x".repeat(1000), Duration.ZERO);
    assertThat(result.detail()).startsWith("ok\ufffd x").hasSizeBetween(490, 500).endsWith("…");
  }

  @Test
  void failuresAloneHaveACause() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CheckResult.failed(CheckResult.Cause.NONE, "", Duration.ZERO));
    assertThat(CheckResult.undecided("no", Duration.ZERO).passed()).isFalse();
  }

  @Test
  void readsAsASentence() {
    assertThat(CheckResult.passed("HTTP 200", Duration.ZERO).shift(WeightShift.by(-2)))
        .hasToString("passed: HTTP 200 (weight -2)");
  }
}
