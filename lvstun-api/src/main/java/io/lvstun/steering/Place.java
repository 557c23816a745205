// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What databases say about a network. Any part may be unknown. Immutable.
 *
 * @param continent two letters, such as {@code AS}
 * @param country ISO 3166-1 alpha-2, such as {@code CN}
 * @param subdivisions ISO 3166-2, the largest first, such as {@code CN-BJ}; empty if unknown
 * @param city the city's English name, such as {@code Beijing}
 * @param cityId the city's GeoNames number
 * @param coordinates where it is, roughly
 * @param autonomousSystem the number of the autonomous system that announces it, 1 to 4294967295
 * @since 0.1.0
 */
public record Place(
    Optional<String> continent,
    Optional<String> country,
    List<String> subdivisions,
    Optional<String> city,
    OptionalLong cityId,
    Optional<Coordinates> coordinates,
    OptionalLong autonomousSystem) {

  /** Nothing is known. */
  public static final Place UNKNOWN =
      new Place(
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          OptionalLong.empty());

  /** Copies the list. */
  public Place {
    Objects.requireNonNull(subdivisions, "subdivisions");
    Objects.requireNonNull(continent, "continent");
    Objects.requireNonNull(country, "country");
    subdivisions = List.copyOf(subdivisions);
    Objects.requireNonNull(city, "city");
    Objects.requireNonNull(cityId, "cityId");
    Objects.requireNonNull(coordinates, "coordinates");
    Objects.requireNonNull(autonomousSystem, "autonomousSystem");
  }

  /**
   * Returns what this place and another one tell together, for a country database beside one of
   * autonomous systems.
   *
   * @param other what another database says of the same network
   * @return this place, with what it lacks taken from the other
   */
  public Place orElse(Place other) {
    Objects.requireNonNull(other, "other");
    return new Place(
        continent.or(other::continent),
        country.or(other::country),
        subdivisions.isEmpty() ? other.subdivisions : subdivisions,
        city.or(other::city),
        cityId.isPresent() ? cityId : other.cityId,
        coordinates.or(other::coordinates),
        autonomousSystem.isPresent() ? autonomousSystem : other.autonomousSystem);
  }

  /** Returns what is known, such as {@code AS CN CN-BJ Beijing AS4808}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    continent.ifPresent(value -> text.append(' ').append(value));
    country.ifPresent(value -> text.append(' ').append(value));
    subdivisions.forEach(value -> text.append(' ').append(value));
    city.ifPresent(value -> text.append(' ').append(value));
    autonomousSystem.ifPresent(value -> text.append(" AS").append(value));
    return text.isEmpty() ? "unknown" : text.substring(1);
  }
}
