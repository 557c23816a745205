// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static Pace pace(Duration interval, Duration falling, Duration down, double jitter) {
    return new Pace(
        interval, falling, down, SECOND, SECOND, SECOND, Pace.Spacing.END_TO_START, jitter);
  }

  @Test
  void nothingIsWaitedForOnlyWhereThatIsNoBusyLoop() {
    assertThat(pace(SECOND, Duration.ZERO, SECOND, 0).falling()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pace(Duration.ZERO, SECOND, SECOND, 0))
        .withMessage("interval must be PT0.001S to PT24H, not PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pace(SECOND, SECOND, Duration.ZERO, 0))
        .withMessage("down interval must be PT0.001S to PT24H, not PT0S");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 0.6, Double.NaN})
  void jitterIsAtMostHalfOfTheInterval(double jitter) {
    assertThatIllegalArgumentException().isThrownBy(() -> pace(SECOND, SECOND, SECOND, jitter));
  }

  @Test
  void evenPaceHasOneInterval() {
    Pace even = Pace.every(SECOND);
    assertThat(List.of(even.interval(), even.falling(), even.down(), even.rising()))
        .containsOnly(SECOND);
    assertThat(even.firstDelay()).isZero();
    assertThat(even.jitter()).isZero();
  }
}
