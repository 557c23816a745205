// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What our table of packet marks looks like in the kernel, elements left out. Immutable.
 *
 * @param present whether there is such a table
 * @param generation counts the changes made through {@link SteeringTable}; empty if the table is
 *     not there or not ours
 * @param maps names of its maps; a map's name says what is in it
 * @param chains names of its chains
 * @param listing what {@code nft -t list table} prints; empty if the table is not there
 * @since 0.1.0
 */
public record SteeringState(
    boolean present,
    OptionalLong generation,
    Set<String> maps,
    Set<String> chains,
    String listing) {

  static final SteeringState ABSENT =
      new SteeringState(false, OptionalLong.empty(), Set.of(), Set.of(), "");

  private static final Pattern MAP = Pattern.compile("(?m)^\tmap (\\S+) \\{");
  private static final Pattern CHAIN = Pattern.compile("(?m)^\tchain (\\S+) \\{");
  private static final Pattern GENERATION =
      Pattern.compile("comment \"lvstun generation (\\d{1,18})\"");

  /** Copies the sets. */
  public SteeringState {
    Objects.requireNonNull(chains, "chains");
    Objects.requireNonNull(generation, "generation");
    Objects.requireNonNull(listing, "listing");
    Objects.requireNonNull(maps, "maps");
    maps = Set.copyOf(maps);
    chains = Set.copyOf(chains);
  }

  static SteeringState of(String listing) {
    Matcher generation = GENERATION.matcher(listing);
    return new SteeringState(
        true,
        generation.find()
            ? OptionalLong.of(Long.parseLong(generation.group(1)))
            : OptionalLong.empty(),
        names(MAP, listing),
        names(CHAIN, listing),
        listing);
  }

  private static Set<String> names(Pattern pattern, String listing) {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = pattern.matcher(listing);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /**
   * Returns whether rules, chains and maps are still those of another reading. What is in the maps
   * is not compared: that would read every element.
   *
   * @param other an earlier state
   * @return false if somebody changed, replaced or removed the table in between
   */
  public boolean sameAs(SteeringState other) {
    return listing.equals(other.listing);
  }

  /** Returns a line such as {@code generation 7, 2 maps, 3 chains}. */
  @Override
  public String toString() {
    return present
        ? "generation "
            + (generation.isPresent() ? generation.getAsLong() : "unknown")
            + ", "
            + maps.size()
            + " maps, "
            + chains.size()
            + " chains"
        : "absent";
  }
}
