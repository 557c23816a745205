// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The guest that this program runs in.
 *
 * @since 0.1.0
 */
public final class Lab {
  private static final Path MARK = Path.of("/run/lab/guest-run");

  private Lab() {}

  /** Whether this program runs in a guest of the lab. */
  public static boolean here() {
    return Files.exists(MARK);
  }

  /**
   * Does nothing in a guest of the lab.
   *
   * @throws LabException anywhere else: namespaces, addresses and kernel settings of a machine that
   *     somebody uses are not to be changed by a test
   */
  public static void require() {
    if (!here()) {
      throw new LabException(
          "this is not a guest of the lab; run it with lvstun-examples/lab/lab run or lab test");
    }
  }

  /** The release of the running kernel, as {@code uname -r} prints it. */
  public static String kernelRelease() {
    return System.getProperty("os.version");
  }

  /** The series of the running kernel: "6.1" or "6.12". */
  public static String kernel() {
    String[] parts = kernelRelease().split("[.-]");
    return parts[0] + "." + parts[1];
  }
}
