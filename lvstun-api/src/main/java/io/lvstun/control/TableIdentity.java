// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names a table of IPVS: which start of which kernel, and which network namespace of it. */
final class TableIdentity {

  private TableIdentity() {}

  static String of(Path namespace) {
    return bootOf(Path.of("/proc/sys/kernel/random/boot_id")) + ' ' + inode(namespace);
  }

  private static String bootOf(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "unknown-boot";
    }
  }

  /** Device and inode: a namespace that was made anew under an old name has others. */
  private static String inode(Path namespace) {
    try {
      return Files.getAttribute(namespace, "unix:dev")
          + ":"
          + Files.getAttribute(namespace, "unix:ino");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "unknown-namespace";
    }
  }
}
