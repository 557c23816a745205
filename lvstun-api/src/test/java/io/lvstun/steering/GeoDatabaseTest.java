// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeoDatabaseTest {

  @TempDir Path folder;

  @Test
  void readsCountriesOfBothFamiliesFromOneFile() {
    Path file =
        new MmdbWriter(6, "Test-Country")
            .country("1.0.1.0/24", "CN")
            .country("192.0.2.0/24", "DE")
            .country("2001:db8::/32", "JP")
            .write(folder.resolve("country.mmdb"));
    GeoDatabase database = GeoDatabase.open(file);
    assertThat(database.type()).isEqualTo("Test-Country");
    assertThat(database.built()).isEqualTo(Instant.ofEpochSecond(1_750_000_000L));
    assertThat(database.networks(AddressFamily.IPV4)).isEqualTo(2);
    assertThat(database.networks(AddressFamily.IPV6)).isEqualTo(1);
    assertThat(database.find(IpAddress.parse("1.0.1.77")).orElseThrow())
        .hasToString("1.0.1.0/24 CN (" + file + ")");
    assertThat(database.find(IpAddress.parse("1.0.2.0"))).isEmpty();
    assertThat(database.find(IpAddress.parse("0.0.0.1"))).isEmpty();
    assertThat(database.find(IpAddress.parse("::ffff:192.0.2.9")).orElseThrow().network())
        .hasToString("192.0.2.0/24");
    assertThat(database.find(IpAddress.parse("2001:db8::1")).orElseThrow().place().country())
        .contains("JP");
  }

  @Test
  void readsTheNestedFormOfCities() {
    Path file =
        new MmdbWriter(4, "GeoLite2-City")
            .put(
                "203.0.113.0/24",
                Map.of(
                    "continent", Map.of("code", "AS"),
                    "country", Map.of("iso_code", "CN"),
                    "subdivisions", List.of(Map.of("iso_code", "BJ")),
                    "city", Map.of("geoname_id", 1816670L, "names", Map.of("en", "Beijing")),
                    "location", Map.of("latitude", 39.9, "longitude", 116.4)))
            .put("198.51.100.0/24", Map.of("autonomous_system_number", 4_200_000_000L))
            .write(folder.resolve("city.mmdb"));
    GeoDatabase database = GeoDatabase.open(file);
    Place place = database.find(IpAddress.parse("203.0.113.1")).orElseThrow().place();
    assertThat(place).hasToString("AS CN CN-BJ Beijing");
    assertThat(place.coordinates()).contains(new Coordinates(39.9, 116.4));
    assertThat(place.cityId()).hasValue(1816670L);
    assertThat(database.find(IpAddress.parse("198.51.100.1")).orElseThrow().place())
        .hasToString("AS4200000000");
  }

  @Test
  void aMissingFileSaysSo() {
    assertThatThrownBy(() -> GeoDatabase.open(folder.resolve("none.mmdb")))
        .isInstanceOf(LvsException.class)
        .hasMessageContaining("there is no such file");
  }

  /** Cut at any place, a file is refused or read in part, but nothing else is thrown. */
  @Test
  void aTruncatedOrDamagedFileIsRefused() throws IOException {
    MmdbWriter writer = new MmdbWriter(6, "Test-Country");
    for (int i = 0; i < 40; i++) {
      writer.country("10." + i + ".0.0/16", i % 2 == 0 ? "CN" : "US");
    }
    byte[] whole = writer.bytes();
    Path file = folder.resolve("damaged.mmdb");
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> GeoDatabase.open(file))
          .as("cut at %d of %d", length, whole.length)
          .isInstanceOf(LvsException.class);
    }
    long seed = Long.getLong("lvstun.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      try {
        assertThat(GeoDatabase.open(file).places()).as("seed %d", seed).isNotNull();
      } catch (LvsException e) {
        assertThat(e.reason()).as("seed %d", seed).isNotBlank();
      }
    }
  }
}
