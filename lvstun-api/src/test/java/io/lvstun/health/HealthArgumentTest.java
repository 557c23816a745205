// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthArgumentTest {

  @Test
  void boundsAreTakenAndWhatLiesBeyondIsNamed() {
    assertThat(HealthArgument.of("rise", 1, 1, 3)).isEqualTo(1);
    assertThat(HealthArgument.of("rise", 3, 1, 3)).isEqualTo(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HealthArgument.of("rise", 4, 1, 3))
        .withMessage("rise must be 1 to 3, not 4");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.001, 0.501, Double.NaN, Double.NEGATIVE_INFINITY})
  void sharesThatAreNoneAreRefused(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HealthArgument.of("jitter", value, 0, 0.5))
        .withMessage("jitter must be 0.0 to 0.5, not " + value);
  }

  @Test
  void delayMayBeNothingAndATimeMayNot() {
    assertThat(HealthArgument.delay("first delay", Duration.ZERO)).isZero();
    assertThat(HealthArgument.time("interval", HealthArgument.LONGEST))
        .isEqualTo(Duration.ofDays(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HealthArgument.time("interval", Duration.ZERO))
        .withMessage("interval must be PT0.001S to PT24H, not PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HealthArgument.delay("first delay", Duration.ofNanos(-1)));
  }

  @Test
  void lineHasNoControlCharactersAndIsNotEchoedWithThem() {
    assertThat(HealthArgument.line("name", "ä b", 3)).isEqualTo("ä b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HealthArgument.line("name", "a\u001b[2J", 99))
        .withMessageEndingWith("not \"a\"");
  }
}
