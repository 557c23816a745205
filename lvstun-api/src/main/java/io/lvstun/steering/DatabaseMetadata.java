// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Metadata of a geographic database, or why it cannot be opened. Immutable.
 *
 * @param file the file, for people
 * @param type as in its metadata, for example {@code GeoLite2-Country}; empty if not known
 * @param built when it was built; empty if not known
 * @param problem why it could not be opened; empty if it could be
 * @since 0.1.0
 */
public record DatabaseMetadata(
    String file, String type, Optional<Instant> built, Optional<String> problem) {

  /** Checks that nothing is missing. */
  public DatabaseMetadata {
    Objects.requireNonNull(built, "built");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(type, "type");
  }

  /**
   * Returns the metadata of an open database.
   *
   * @param database the database
   * @return its metadata
   */
  public static DatabaseMetadata of(GeoDatabase database) {
    return new DatabaseMetadata(
        database.file().toString(),
        database.type(),
        Optional.of(database.built()),
        Optional.empty());
  }

  /**
   * Reads the metadata at the end of a file in the MaxMind DB format; the networks are not read.
   *
   * @param file the file
   * @return the metadata; with a problem if there is no such file, it is truncated or malformed, or
   *     {@code com.maxmind.db:maxmind-db} is not on the class path or module path
   */
  public static DatabaseMetadata read(Path file) {
    Objects.requireNonNull(file, "file");
    try {
      return MetadataReader.read(file);
    } catch (NoClassDefFoundError e) {
      return broken(file, "reading it needs com.maxmind.db:maxmind-db, which is optional");
    }
  }

  static DatabaseMetadata broken(Path file, String problem) {
    return new DatabaseMetadata(file.toString(), "", Optional.empty(), Optional.of(problem));
  }
}
