// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.time.Duration;
import java.util.Objects;

/**
 * What became of a {@link HostCommand}.
 *
 * @param exitCode the command's status, 0 to 255; {@link #KILLED} if it was killed
 * @param output what it wrote to standard output, decoded as UTF-8, as it came: it may hold
 *     anything
 * @param errors what it wrote to standard error, decoded as UTF-8, as it came
 * @param timedOut it was killed because its deadline passed
 * @param truncated it was killed because it wrote more than its bound
 * @param took from the start to the end
 * @since 0.1.0
 */
public record CommandResult(
    int exitCode,
    String output,
    String errors,
    boolean timedOut,
    boolean truncated,
    Duration took) {
  /** Checks that nothing is missing. */
  public CommandResult {
    Objects.requireNonNull(took, "took");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(errors, "errors");
  }

  /** The exit code of a command that was killed by this library. */
  public static final int KILLED = -1;

  /**
   * Tells whether the command ended by itself with status 0.
   *
   * @return true if it did
   */
  public boolean successful() {
    return exitCode == 0;
  }
}
