// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a packet goes, and why. Immutable.
 *
 * @param pool name of the pool
 * @param mark the pool's firewall mark
 * @param rule index of the rule that decides, from 0; empty if it is the default
 * @param ruleText the rule as text; empty for the default
 * @param lines what the databases have on the client's address
 * @param undecided indexes of earlier rules that need something of the packet that was not given:
 *     one of them may decide otherwise
 * @since 0.1.0
 */
public record Explanation(
    String pool,
    long mark,
    OptionalInt rule,
    Optional<String> ruleText,
    List<DatabaseLine> lines,
    List<Integer> undecided) {

  /** Copies the lists. */
  public Explanation {
    Objects.requireNonNull(lines, "lines");
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(ruleText, "ruleText");
    Objects.requireNonNull(undecided, "undecided");
    lines = List.copyOf(lines);
    undecided = List.copyOf(undecided);
  }

  /**
   * One network of a database.
   *
   * @param database the database's file
   * @param network the network that the address is in
   * @param place what the database says of it
   * @since 0.1.0
   */
  public record DatabaseLine(String database, Cidr network, Place place) {
    /** Returns {@code 1.0.1.0/24 AS CN (country.mmdb)}. */
    @Override
    public String toString() {
      return network + " " + place + " (" + database + ')';
    }
  }

  /** Returns a sentence such as {@code asia (mark 0x1001) by rule 0: countries CN -> asia}. */
  @Override
  public String toString() {
    return pool
        + " (mark 0x"
        + Long.toHexString(mark)
        + ")"
        + (rule.isPresent()
            ? " by rule " + rule.getAsInt() + ": " + ruleText.orElse("")
            : " by default")
        + (lines.isEmpty() ? "" : "; " + lines)
        + (undecided.isEmpty() ? "" : "; not enough given to judge rules " + undecided);
  }
}
