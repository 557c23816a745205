// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A command for a {@link Host}: a program with its arguments, what it reads, and its limits.
 *
 * @param arguments program and arguments; at least one, none with a NUL character
 * @param input what the command reads from standard input; empty by default
 * @param deadline how long it may take, above 0; 10 seconds by default
 * @param maxOutput bytes of output, and of errors, after which it is killed; 4 MiB by default
 * @since 0.1.0
 */
public record HostCommand(List<String> arguments, String input, Duration deadline, int maxOutput) {

  private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);
  private static final int DEFAULT_MAX_OUTPUT = 4 << 20;

  /**
   * Checks the command.
   *
   * @throws IllegalArgumentException if there is no program, an argument has a NUL character, or a
   *     limit is not above 0
   */
  public HostCommand {
    Objects.requireNonNull(arguments, "arguments");
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(input, "input");
    arguments = List.copyOf(arguments);
    if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
      throw new IllegalArgumentException("command must name a program");
    }
    for (String argument : arguments) {
      if (argument.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("arguments must not have a NUL character");
      }
    }
    if (deadline.isZero() || deadline.isNegative()) {
      throw new IllegalArgumentException("deadline must be above 0, not " + deadline);
    }
    if (maxOutput <= 0) {
      throw new IllegalArgumentException("maxOutput must be above 0, not " + maxOutput);
    }
  }

  /**
   * Returns a command that reads nothing, with the default limits.
   *
   * @param arguments program and arguments
   * @return the command
   * @throws IllegalArgumentException if there is no program or an argument has a NUL character
   */
  public static HostCommand of(List<String> arguments) {
    Objects.requireNonNull(arguments, "arguments");
    return new HostCommand(arguments, "", DEFAULT_DEADLINE, DEFAULT_MAX_OUTPUT);
  }

  /**
   * Returns a command that reads nothing, with the default limits.
   *
   * @param arguments program and arguments
   * @return the command
   * @throws IllegalArgumentException if there is no program or an argument has a NUL character
   */
  public static HostCommand of(String... arguments) {
    Objects.requireNonNull(arguments, "arguments");
    return of(List.of(arguments));
  }

  /**
   * Returns a copy with another input.
   *
   * @param input what the command reads, written in UTF-8
   * @return the copy
   */
  public HostCommand input(String input) {
    return new HostCommand(arguments, input, deadline, maxOutput);
  }

  /**
   * Returns a copy with another deadline.
   *
   * @param deadline how long it may take
   * @return the copy
   * @throws IllegalArgumentException if it is not above 0
   */
  public HostCommand deadline(Duration deadline) {
    return new HostCommand(arguments, input, deadline, maxOutput);
  }

  /**
   * Returns a copy with another bound of the output.
   *
   * @param bytes after which the command is killed
   * @return the copy
   * @throws IllegalArgumentException if it is not above 0
   */
  public HostCommand maxOutput(int bytes) {
    return new HostCommand(arguments, input, deadline, bytes);
  }

  byte[] inputBytes() {
    return input.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the arguments as a person would type them into a shell. */
  @Override
  public String toString() {
    return ShellText.join(arguments);
  }
}
