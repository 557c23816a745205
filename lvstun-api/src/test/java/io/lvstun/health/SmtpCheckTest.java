// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpCheckTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nMAIL FROM:<x>", "a\0", "\u007f"})
  void nameCannotCarryAnotherCommand(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SmtpCheck(CheckPath.direct(), Duration.ofSeconds(1), name))
        .withMessageStartingWith("HELO name must ");
  }

  @Test
  void nameHasAtMost255Characters() {
    Duration second = Duration.ofSeconds(1);
    assertThat(new SmtpCheck(CheckPath.direct(), second, "a".repeat(255)).heloName()).hasSize(255);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SmtpCheck(CheckPath.direct(), second, "a".repeat(256)));
  }
}
