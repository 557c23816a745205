// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a control plane steers clients by their place: the databases it uses, what it loaded into the
 * kernel, and by which commands. An application that steers fills this in; the GEO checks judge it.
 *
 * @param databases the databases
 * @param tables what was loaded into the kernels of the directors
 * @param commands the commands that the control loop runs over and over, each as one line
 * @since 0.1.0
 */
public record Geography(List<Database> databases, List<Table> tables, List<String> commands) {

  /** Copies the lists. */
  public Geography {
    Objects.requireNonNull(commands, "commands");
    Objects.requireNonNull(databases, "databases");
    Objects.requireNonNull(tables, "tables");
    databases = List.copyOf(databases);
    tables = List.copyOf(tables);
    commands = List.copyOf(commands);
  }

  /**
   * A database of places.
   *
   * @param name for people: its path
   * @param type as in its metadata, for example {@code GeoLite2-Country}; empty if not known
   * @param built when it was built; empty if not known
   * @param problem why it could not be opened; empty if it could be
   * @since 0.1.0
   */
  public record Database(
      String name, String type, Optional<Instant> built, Optional<String> problem) {
    /** Checks that nothing is missing. */
    public Database {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(problem, "problem");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(built, "built");
    }
  }

  /**
   * A table of networks in the kernel.
   *
   * @param backend what holds it
   * @param name the table of nftables with its family, {@code ip geo}; the set of ipset
   * @param entries how many entries it should have; empty if not stated
   * @param generation what its comment (nftables) should name as {@code generation N}, or its name
   *     (ipset) end with; empty if not stated
   * @param exitCode what the last command that loaded it ended with; empty if not stated
   * @param message what that command complained of; may be empty
   * @since 0.1.0
   */
  public record Table(
      Backend backend,
      String name,
      OptionalLong entries,
      Optional<String> generation,
      OptionalInt exitCode,
      String message) {
    /** Checks that nothing is missing. */
    public Table {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(message, "message");
      Objects.requireNonNull(generation, "generation");
      Objects.requireNonNull(exitCode, "exitCode");
      Objects.requireNonNull(entries, "entries");
      Objects.requireNonNull(backend, "backend");
    }
  }

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
}
