// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightShiftTest {

  @ParameterizedTest
  @CsvSource({"5, 5, 0", "0, 65535, -65535", "65535, 0, 65535"})
  void absoluteWeightIsADifferenceToTheConfiguredOne(int to, int configured, long delta) {
    assertThat(WeightShift.to(to).delta(configured)).isEqualTo(delta);
    assertThat(WeightShift.by(-7).delta(configured)).isEqualTo(-7);
  }

  @Test
  void differencesDoNotOverflow() {
    assertThat(WeightShift.by(-Integer.MAX_VALUE).delta(0) + WeightShift.by(-5).delta(0))
        .isEqualTo(-5L - Integer.MAX_VALUE);
    assertThatIllegalArgumentException().isThrownBy(() -> WeightShift.by(Integer.MIN_VALUE));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void absoluteWeightIsOneThatServersTake(int weight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeightShift.to(weight))
        .withMessage("weight must be 0 to 65535, not " + weight);
  }

  @Test
  void signIsShown() {
    assertThat(WeightShift.by(5)).hasToString("weight +5");
    assertThat(WeightShift.by(-5)).hasToString("weight -5");
    assertThat(WeightShift.to(5)).hasToString("weight 5").isNotEqualTo(WeightShift.by(5));
  }
}
