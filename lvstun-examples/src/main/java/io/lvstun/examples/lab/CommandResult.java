// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;

/**
 * What a command that has ended left behind.
 *
 * @param command the command and its arguments
 * @param exitCode its exit status; 128 + n when signal n ended it
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 * @since 0.1.0
 */
public record CommandResult(List<String> command, int exitCode, String output, String errors) {

  /** Copies the command. */
  public CommandResult {
    command = List.copyOf(command);
  }

  /** Whether the exit status is 0. */
  public boolean succeeded() {
    return exitCode == 0;
  }

  /** The lines of standard output, without their ends. */
  public List<String> lines() {
    return output.lines().toList();
  }

  /**
   * This result, if the command succeeded.
   *
   * @throws LabException if the exit status is not 0; the message has the command and its errors
   */
  @CanIgnoreReturnValue
  public CommandResult orThrow() {
    if (!succeeded()) {
      throw new LabException(
          "exit status "
              + exitCode
              + " from: "
              + String.join(" ", command)
              + (errors.isBlank() ? "" : "\n" + errors.stripTrailing())
              + (output.isBlank() ? "" : "\n" + output.stripTrailing()));
    }
    return this;
  }
}
