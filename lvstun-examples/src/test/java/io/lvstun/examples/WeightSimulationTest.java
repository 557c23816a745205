// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightSimulationTest {

  @ParameterizedTest
  @EnumSource(WeightSimulation.Input.class)
  void settlesWithoutOscillation(WeightSimulation.Input input) {
    for (long seed = 1; seed <= 5; seed++) {
      WeightSimulation.Course course = WeightSimulation.run(input, seed);
      assertThat(course.spread(1080, 1200)).as("%s, seed %d: spread", input, seed).isLessThan(0.2);
      assertThat(course.turns(900, 1200)).as("%s, seed %d: turns", input, seed).isLessThan(4);
    }
  }
}
