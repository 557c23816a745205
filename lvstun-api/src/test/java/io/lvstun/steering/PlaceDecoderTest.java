// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceDecoderTest {

  @Test
  void vendorsNameTheSameThingsDifferently() {
    assertThat(PlaceDecoder.decode(Map.of("country_code", "cn"))).hasToString("CN");
    assertThat(PlaceDecoder.decode(Map.of("country", "CN", "continent", "AS", "asn", "AS4808")))
        .hasToString("AS CN AS4808");
    assertThat(PlaceDecoder.decode(Map.of("registered_country", Map.of("iso_code", "JP"))))
        .hasToString("JP");
    assertThat(PlaceDecoder.decode(Map.of("asn", 64500L)).autonomousSystem()).hasValue(64500);
  }

  @Test
  void whatHasAnotherFormIsUnknown() {
    assertThat(
            PlaceDecoder.decode(
                Map.of(
                    "country",
                    List.of("CN"),
                    "continent",
                    7L,
                    "subdivisions",
                    "BJ",
                    "city",
                    Map.of("names", List.of()),
                    "location",
                    Map.of("latitude", 91.0, "longitude", 0.0),
                    "asn",
                    "ASx")))
        .isEqualTo(Place.UNKNOWN)
        .hasToString("unknown");
    assertThat(PlaceDecoder.decode(Map.of("autonomous_system_number", 0L)))
        .isEqualTo(Place.UNKNOWN);
    assertThat(PlaceDecoder.decode(Map.of("latitude", Double.NaN, "longitude", 1.0)))
        .isEqualTo(Place.UNKNOWN);
  }

  @Test
  void aSecondDatabaseFillsGaps() {
    Place country = PlaceDecoder.decode(Map.of("country_code", "CN"));
    Place system = PlaceDecoder.decode(Map.of("asn", 64500L, "country_code", "JP"));
    assertThat(country.orElse(system)).hasToString("CN AS64500");
  }
}
