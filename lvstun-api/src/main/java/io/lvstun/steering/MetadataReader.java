// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.Metadata;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Stands apart from {@link DatabaseMetadata}, which works without the optional library. */
final class MetadataReader {

  private MetadataReader() {}

  static DatabaseMetadata read(Path file) {
    try {
      if (Files.size(file) == 0) {
        return DatabaseMetadata.broken(file, "it has no metadata: the file is empty");
      }
      Metadata metadata;
      try (Reader reader = new Reader(file.toFile(), Reader.FileMode.MEMORY_MAPPED)) {
        metadata = reader.getMetadata();
      }
      long tree = metadata.nodeCount() * metadata.recordSize() / 4 + 16;
      if (metadata.nodeCount() <= 0 || metadata.recordSize() <= 0 || tree > Files.size(file)) {
        return DatabaseMetadata.broken(
            file, "it is shorter than its metadata says: an incomplete download?");
      }
      Instant built = metadata.buildTime();
      return new DatabaseMetadata(
          file.toString(),
          metadata.databaseType(),
          built.getEpochSecond() > 0 ? Optional.of(built) : Optional.empty(),
          Optional.empty());
    } catch (NoSuchFileException e) {
      return DatabaseMetadata.broken(file, "there is no such file");
    } catch (InvalidDatabaseException e) {
      return DatabaseMetadata.broken(
          file, "it has no metadata: it is no MaxMind DB, or not all of it");
    } catch (IOException e) {
      return DatabaseMetadata.broken(file, "it cannot be read: " + e.getMessage());
    } catch (RuntimeException | StackOverflowError e) {
      // The reader throws many kinds on pointers and sizes that lead nowhere.
      return DatabaseMetadata.broken(file, "its metadata cannot be understood");
    }
  }
}
