// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadReportTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, 0.5, 10_000})
  void loadInRangeIsTaken(double load) {
    assertThat(LoadReport.of(load).load()).hasValue(load);
    assertThat(LoadReport.of(load).agent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        -Double.MIN_VALUE,
        -1,
        10_000.001,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
      })
  void loadThatIsNoLoadIsRefused(double load) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoadReport.of(load))
        .withMessage("load must be 0 to 10000.0, not " + load);
    OptionalDouble given = OptionalDouble.of(load);
    Optional<AgentReport> none = Optional.empty();
    assertThatIllegalArgumentException().isThrownBy(() -> new LoadReport(given, none));
  }

  @Test
  void reportsAreEqualByContent() {
    assertThat(LoadReport.of(1)).isEqualTo(LoadReport.of(1.0)).isNotEqualTo(LoadReport.of(2));
  }
}
