// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CoordinatesTest {

  @Test
  void distancesAreThoseOfTheGreatCircle() {
    Coordinates beijing = new Coordinates(39.9042, 116.4074);
    Coordinates shanghai = new Coordinates(31.2304, 121.4737);
    assertThat(beijing.distanceTo(shanghai)).isCloseTo(1067, within(3.0));
    assertThat(new Coordinates(0, 179).distanceTo(new Coordinates(0, -179)))
        .isCloseTo(222.4, within(0.1));
    assertThat(new Coordinates(90, 0).distanceTo(new Coordinates(-90, 0)))
        .isCloseTo(20015, within(1.0));
    assertThat(beijing.distanceTo(beijing)).isZero();
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Coordinates(91, 0)).hasMessageContaining("latitude");
    assertThatThrownBy(() -> new Coordinates(0, 181)).hasMessageContaining("longitude");
    assertThatThrownBy(() -> new Coordinates(Double.NaN, 0)).hasMessageContaining("latitude");
  }
}
