// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadStepsTest {

  @ParameterizedTest
  @CsvSource({"0, 10", "0.99, 10", "1, 5", "1.99, 5", "2, 1", "10000, 1"})
  void loadDecides(double load, int weight) {
    assertThat(LoadSteps.tenFiveOne().weight(load)).isEqualTo(weight);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1e9, Double.NaN, Double.POSITIVE_INFINITY})
  void liesAreRefused(double load) {
    assertThatIllegalArgumentException().isThrownBy(() -> LoadSteps.tenFiveOne().weight(load));
    assertThatIllegalArgumentException().isThrownBy(() -> LoadReport.of(load));
  }

  @Test
  void noStepDrains() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LoadSteps.Step(1, 0))
        .withMessage("weight must be 1 to 65535, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new LoadSteps(List.of(new LoadSteps.Step(2, 5), new LoadSteps.Step(1, 10)), 1))
        .withMessageStartingWith("bounds must ascend");
  }
}
