// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PlaceTest {

  private static Place place(String country, String... subdivisions) {
    return new Place(
        Optional.empty(),
        Optional.of(country),
        List.of(subdivisions),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        OptionalLong.empty());
  }

  @Test
  void firstDatabaseWinsFieldByField() {
    Place network =
        new Place(
            Optional.of("AS"),
            Optional.of("JP"),
            List.of("JP-13"),
            Optional.of("Tokyo"),
            OptionalLong.of(7),
            Optional.empty(),
            OptionalLong.of(64500));
    Place both = place("CN").orElse(network);
    assertThat(both).hasToString("AS CN JP-13 Tokyo AS64500");
    assertThat(both.cityId()).hasValue(7);
    assertThat(place("CN", "CN-BJ").orElse(network).subdivisions()).containsExactly("CN-BJ");
    assertThat(Place.UNKNOWN.orElse(network)).isEqualTo(network);
    assertThat(network.orElse(Place.UNKNOWN)).isEqualTo(network);
  }

  @Test
  void unknownPlaceIsSaid() {
    assertThat(Place.UNKNOWN).hasToString("unknown");
    assertThat(place("CN").subdivisions()).isUnmodifiable();
  }
}
