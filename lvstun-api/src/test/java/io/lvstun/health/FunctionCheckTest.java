// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FunctionCheckTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void nameIsOneLineOfReports() {
    FunctionCheck.Function up = server -> CheckResult.passed("", Duration.ZERO);
    assertThat(new FunctionCheck("my check", SECOND, up).describe()).isEqualTo("my check");
    for (String name : new String[] {"a\nb", "a\tb", "\u007f", "a".repeat(101)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new FunctionCheck(name, SECOND, up))
          .withMessageNotContaining("\n");
    }
  }

  @Test
  void timeoutHasBounds() {
    FunctionCheck.Function up = server -> CheckResult.passed("", Duration.ZERO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FunctionCheck("x", Duration.ZERO, up));
  }
}
