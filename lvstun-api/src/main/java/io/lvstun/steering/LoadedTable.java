// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A table of networks as a program loaded it into a kernel. Immutable.
 *
 * @param backend what holds it
 * @param name the table of nftables with its family, {@code inet lvstun}; the set of ipset
 * @param entries how many entries it should have; empty if not stated
 * @param generation what its comment (nftables) should name as {@code generation N}, or its name
 *     (ipset) end with; empty if not stated
 * @param failure why the last load failed; empty if it did not
 * @since 0.1.0
 */
public record LoadedTable(
    Backend backend,
    String name,
    OptionalLong entries,
    Optional<String> generation,
    Optional<String> failure) {

  /**
   * What holds a table.
   *
   * @since 0.1.0
   */
  public enum Backend {
    /** A map in a table of nftables. */
    NFT,
    /** A set of ipset. */
    IPSET
  }

  /** Checks that nothing is missing. */
  public LoadedTable {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(entries, "entries");
    Objects.requireNonNull(failure, "failure");
    Objects.requireNonNull(generation, "generation");
    Objects.requireNonNull(name, "name");
  }

  /**
   * Returns what should be in the kernel after a plan was applied.
   *
   * @param table the table
   * @param plan what was applied to it
   * @return the table with the plan's generation
   */
  public static LoadedTable of(SteeringTable table, SteeringPlan plan) {
    return new LoadedTable(
        Backend.NFT,
        table.qualifiedName(),
        OptionalLong.empty(),
        Optional.of(Long.toString(plan.generation())),
        Optional.empty());
  }
}
