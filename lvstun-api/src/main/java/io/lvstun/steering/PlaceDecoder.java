// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record of a database. Vendors name the same things differently: MaxMind nests them
 * ({@code country.iso_code}), others write them flat ({@code country_code}, {@code country}, {@code
 * asn}).
 */
final class PlaceDecoder {

  private PlaceDecoder() {}

  static Place decode(Map<?, ?> data) {
    Optional<String> country =
        code(data.get("country_code"))
            .or(() -> code(data.get("country")))
            .or(() -> code(inside(data.get("country"), "iso_code")))
            .or(() -> code(inside(data.get("registered_country"), "iso_code")));
    return new Place(
        code(data.get("continent_code"))
            .or(() -> code(data.get("continent")))
            .or(() -> code(inside(data.get("continent"), "code"))),
        country,
        subdivisions(data.get("subdivisions"), country),
        text(data.get("city")).or(() -> text(inside(inside(data.get("city"), "names"), "en"))),
        number(inside(data.get("city"), "geoname_id")),
        coordinates(data),
        autonomousSystem(data));
  }

  private static @Nullable Object inside(@Nullable Object map, String key) {
    return map instanceof Map<?, ?> values ? values.get(key) : null;
  }

  private static Optional<String> code(@Nullable Object value) {
    return value instanceof String text && text.length() == 2
        ? Optional.of(text.toUpperCase(Locale.ROOT))
        : Optional.empty();
  }

  private static Optional<String> text(@Nullable Object value) {
    return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
  }

  private static OptionalLong number(@Nullable Object value) {
    return value instanceof Number number
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  private static List<String> subdivisions(@Nullable Object value, Optional<String> country) {
    List<String> codes = new ArrayList<>();
    if (value instanceof List<?> list && country.isPresent()) {
      for (Object subdivision : list) {
        if (inside(subdivision, "iso_code") instanceof String code) {
          codes.add(country.get() + '-' + code);
        }
      }
    }
    return codes;
  }

  private static Optional<Coordinates> coordinates(Map<?, ?> data) {
    Object latitude = inside(data.get("location"), "latitude");
    Object longitude = inside(data.get("location"), "longitude");
    if (latitude == null) {
      latitude = data.get("latitude");
      longitude = data.get("longitude");
    }
    if (latitude instanceof Number north
        && longitude instanceof Number east
        && Math.abs(north.doubleValue()) <= 90
        && Math.abs(east.doubleValue()) <= 180) {
      return Optional.of(new Coordinates(north.doubleValue(), east.doubleValue()));
    }
    return Optional.empty();
  }

  private static OptionalLong autonomousSystem(Map<?, ?> data) {
    Object value = data.get("autonomous_system_number");
    value = value == null ? data.get("asn") : value;
    if (value instanceof String text && text.matches("(AS)?[0-9]{1,10}")) {
      value = Long.parseLong(text.startsWith("AS") ? text.substring(2) : text);
    }
    return value instanceof Number number
            && number.longValue() >= 1
            && number.longValue() <= 0xffff_ffffL
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }
}
