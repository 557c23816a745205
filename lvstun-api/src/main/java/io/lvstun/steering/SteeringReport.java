// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.List;
import java.util.Objects;

/**
 * What a program that steers clients by geography has loaded: its databases, the tables in the
 * directors' kernels, and the commands it repeats. The doctor's GEO checks compare it with the
 * hosts. Immutable.
 *
 * @param databases the databases
 * @param tables what every director's kernel should hold
 * @param commands the commands that the program runs over and over, each as one line
 * @since 0.1.0
 */
public record SteeringReport(
    List<DatabaseMetadata> databases, List<LoadedTable> tables, List<String> commands) {

  /** Copies the lists. */
  public SteeringReport {
    Objects.requireNonNull(commands, "commands");
    Objects.requireNonNull(databases, "databases");
    Objects.requireNonNull(tables, "tables");
    databases = List.copyOf(databases);
    tables = List.copyOf(tables);
    commands = List.copyOf(commands);
  }
}
