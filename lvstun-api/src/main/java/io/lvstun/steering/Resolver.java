// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** Turns the rules of a steering into layers. */
final class Resolver {

  private final Steering steering;
  private final List<GeoDatabase> databases;
  private final ToIntFunction<String> pools;

  Resolver(Steering steering, List<GeoDatabase> databases, ToIntFunction<String> pools) {
    this.steering = steering;
    this.databases = databases;
    this.pools = pools;
  }

  List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    List<SteeringRule> rules = steering.rules();
    int at = 0;
    while (at < rules.size()) {
      int end = at;
      while (end < rules.size() && byPlace(rules.get(end))) {
        end++;
      }
      if (end > at) {
        layers.add(new Layer.Places(at, end - at, places(rules.subList(at, end))));
        at = end;
        continue;
      }
      SteeringRule.Send send = (SteeringRule.Send) rules.get(at);
      int pool = pools.applyAsInt(send.pool());
      layers.add(
          send.match() instanceof Match.Networks networks
              ? new Layer.Listed(at, AddressMap.of(steering.family(), networks.networks(), pool))
              : new Layer.Field(at, send.match(), pool));
      at++;
    }
    return List.copyOf(layers);
  }

  private static boolean byPlace(SteeringRule rule) {
    return rule instanceof SteeringRule.Nearest
        || rule instanceof SteeringRule.Send send
            && (send.match() instanceof Match.Countries
                || send.match() instanceof Match.Continents
                || send.match() instanceof Match.Subdivisions
                || send.match() instanceof Match.Cities
                || send.match() instanceof Match.AutonomousSystems);
  }

  private AddressMap places(List<SteeringRule> rules) {
    rules.forEach(this::checkKnown);
    AddressFamily family = steering.family();
    if (databases.size() == 1) {
      GeoDatabase database = databases.get(0);
      int[] chosen = database.places().stream().mapToInt(place -> choose(rules, place)).toArray();
      return database.table(family).map(place -> chosen[place]);
    }
    // Several databases: first the combinations of their places, then the pools of those.
    List<Place> combined = new ArrayList<>();
    AddressMap map = AddressMap.empty(family);
    for (GeoDatabase database : databases) {
      List<Place> known = combined;
      List<Place> next = new ArrayList<>();
      Map<Long, Integer> numbers = new HashMap<>();
      map =
          map.combine(
              database.table(family).map(place -> place),
              (mine, other) -> {
                if (mine == AddressMap.NONE && other == AddressMap.NONE) {
                  return AddressMap.NONE;
                }
                return numbers.computeIfAbsent(
                    ((long) mine << 32) | (other & 0xffff_ffffL),
                    key -> {
                      Place place = mine == AddressMap.NONE ? Place.UNKNOWN : known.get(mine);
                      next.add(
                          other == AddressMap.NONE
                              ? place
                              : place.orElse(database.places().get(other)));
                      return next.size() - 1;
                    });
              });
      combined = next;
    }
    int[] chosen = combined.stream().mapToInt(place -> choose(rules, place)).toArray();
    return map.map(place -> chosen[place]);
  }

  /** Number of the pool that the first rule chooses which applies to a place. */
  private int choose(List<SteeringRule> rules, Place place) {
    for (SteeringRule rule : rules) {
      if (rule instanceof SteeringRule.Nearest nearest) {
        var pool = PoolChoice.nearest(nearest, place);
        if (pool.isPresent()) {
          return pools.applyAsInt(pool.get());
        }
      } else if (rule instanceof SteeringRule.Send send
          && PoolChoice.applies(send.match(), place)) {
        return pools.applyAsInt(send.pool());
      }
    }
    return AddressMap.NONE;
  }

  private void checkKnown(SteeringRule rule) {
    Predicate<Place> tells;
    String what;
    if (rule instanceof SteeringRule.Nearest) {
      tells = place -> place.coordinates().isPresent();
      what = "coordinates";
    } else {
      Match match = ((SteeringRule.Send) rule).match();
      if (match instanceof Match.Countries) {
        tells = place -> place.country().isPresent();
        what = "countries";
      } else if (match instanceof Match.Continents) {
        tells = place -> place.continent().isPresent();
        what = "continents";
      } else if (match instanceof Match.Subdivisions) {
        tells = place -> !place.subdivisions().isEmpty();
        what = "subdivisions";
      } else if (match instanceof Match.Cities) {
        tells = place -> place.city().isPresent() || place.cityId().isPresent();
        what = "cities";
      } else {
        tells = place -> place.autonomousSystem().isPresent();
        what = "autonomous systems";
      }
    }
    if (databases.stream().noneMatch(database -> database.places().stream().anyMatch(tells))) {
      throw new IllegalArgumentException(
          "rule \""
              + rule
              + "\" needs a database that has "
              + what
              + ", but "
              + (databases.isEmpty() ? "there is no database" : "there is only " + databases));
    }
  }
}
