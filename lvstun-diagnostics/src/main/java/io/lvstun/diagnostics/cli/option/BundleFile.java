// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.diagnostics.bundle.Bundle;
import io.lvstun.diagnostics.cli.terminal.FailedException;
import io.lvstun.diagnostics.cli.terminal.FileErrors;
import io.lvstun.diagnostics.cli.terminal.UsageException;
import io.lvstun.diagnostics.model.Cluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file with a bundle. It is written under another name first, so that there is never half a
 * bundle, and nobody but its owner may ever read it.
 *
 * @param file the file
 * @param replace whether to replace one that is there
 * @since 0.1.0
 */
public record BundleFile(Path file, boolean replace) {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  /** Finds out before hosts are asked whether the file can be there. */
  public void validate() {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(absolute)) {
      throw new UsageException(file + " is a folder, or in none that exists");
    }
    if (!replace && Files.exists(absolute)) {
      throw new UsageException(file + " exists already; --force replaces it");
    }
  }

  /** Writes. */
  public void write(Cluster cluster) {
    Path absolute = file.toAbsolutePath();
    Path partial = absolute.resolveSibling("." + absolute.getFileName() + ".partial");
    try {
      Files.deleteIfExists(partial);
      try (SeekableByteChannel channel =
              Files.newByteChannel(
                  partial,
                  EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                  OWNER_ONLY);
          OutputStream out = Channels.newOutputStream(channel)) {
        Bundle.write(cluster, out);
      }
      if (replace) {
        Files.move(partial, absolute, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(partial, absolute);
      }
    } catch (IOException e) {
      deleteQuietly(partial);
      throw new FailedException("cannot write " + file + ": " + FileErrors.of(e), e);
    }
  }

  private static void deleteQuietly(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // What stopped the writing has been told already.
    }
  }

  /** Reads. */
  public static Cluster read(String file, InputStream standardInput) {
    try (InputStream in = file.equals("-") ? standardInput : Files.newInputStream(Path.of(file))) {
      return Bundle.read(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException("cannot read " + file + ": " + FileErrors.of(e), e);
    }
  }
}
