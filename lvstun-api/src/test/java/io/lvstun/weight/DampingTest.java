// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DampingTest {

  private static final Damping DAMPING = Damping.every(Duration.ofSeconds(2));

  @Test
  void smoothingDoesNotDependOnHowOftenOneLooks() {
    double once = DAMPING.smooth(0, 1, Duration.ofSeconds(10));
    double mean = 0;
    for (int i = 0; i < 10; i++) {
      mean = DAMPING.smooth(mean, 1, Duration.ofSeconds(1));
    }
    assertThat(once).isCloseTo(1 - Math.exp(-1), within(1e-9));
    assertThat(mean).isCloseTo(once, within(1e-9));
  }

  @Test
  void targetMovesTowardsTheMean() {
    assertThat(DAMPING.target(10, 0.5, 0.5)).isEqualTo(10);
    assertThat(DAMPING.target(10, 0.9, 0.5)).isLessThan(10);
    assertThat(DAMPING.target(10, 0.1, 0.5)).isGreaterThan(10);
    assertThat(DAMPING.target(10, 0.001, 0.002)).isEqualTo(10);
    assertThat(DAMPING.target(10, 0.54, 0.5)).isEqualTo(10);
  }

  @Test
  void fallsFastAndRisesSlowly() {
    assertThat(DAMPING.slew(100, 1)).isEqualTo(50);
    assertThat(DAMPING.slew(100, 1000)).isCloseTo(115, within(1e-9));
    assertThat(DAMPING.slew(100, 90)).isEqualTo(90);
  }

  @Test
  void boundsNeverDrain() {
    assertThat(DAMPING.bound(0.01, 10)).isEqualTo(1);
    assertThat(DAMPING.bound(1e9, 10)).isEqualTo(100);
    assertThat(DAMPING.bound(1e9, 65535)).isEqualTo(65535);
  }

  @Test
  void deadbandHoldsSmallChangesBack() {
    assertThat(DAMPING.publish(100, 109)).isEqualTo(100);
    assertThat(DAMPING.publish(100, 110)).isEqualTo(110);
    assertThat(DAMPING.publish(2, 2.9)).isEqualTo(2);
    assertThat(DAMPING.publish(2, 3)).isEqualTo(3);
  }

  @Test
  void walksBackToTheBase() {
    assertThat(DAMPING.walkBack(5, 10, Duration.ZERO)).isEqualTo(5);
    assertThat(DAMPING.walkBack(5, 10, Duration.ofSeconds(10))).isCloseTo(7.5, within(1e-9));
    assertThat(DAMPING.walkBack(5, 10, Duration.ofHours(1))).isEqualTo(10);
  }

  @Test
  void periodIsNotShorterThanTwoOfTheEstimator() {
    assertThat(Damping.every(Duration.ofMillis(500)).period()).isEqualTo(Duration.ofSeconds(4));
    assertThat(DAMPING.period()).isEqualTo(Duration.ofSeconds(10));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Damping.every(Duration.ZERO))
        .withMessageStartingWith("smoothing must be");
  }
}
