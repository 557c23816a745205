// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Replaces a configuration file at once; a file with a secret is its owner's alone from the start.
 */
final class ConfigFile {

  private ConfigFile() {}

  static void replace(Path file, String text, boolean secret) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(file + " is no file");
    }
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
    Path made =
        Files.createTempFile(
            directory,
            "." + file.getFileName() + ".",
            ".new",
            PosixFilePermissions.asFileAttribute(owner));
    try {
      try (FileChannel out = FileChannel.open(made, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      if (!secret) {
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
      }
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
    }
  }
}
