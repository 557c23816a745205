// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A program on this host: keepalived's {@code MISC_CHECK}. Status 0 passes and 1 fails. What other
 * statuses mean depends on {@code dynamic}: with it, 2 to 255 pass and set the weight to the status
 * minus 2; without it, they fail. A program that does not end in time is killed, with its children,
 * and fails.
 *
 * @param command the program and its arguments, without a shell; at least the program ({@code
 *     misc_path})
 * @param timeout how long one run may take, 1 ms to a day ({@code misc_timeout})
 * @param dynamic whether the status sets the weight ({@code misc_dynamic})
 * @param user the user that it runs as; empty for this process's ({@code user})
 * @param group the group that it runs as; empty for the user's
 * @since 0.1.0
 */
public record CommandCheck(
    List<String> command,
    Duration timeout,
    boolean dynamic,
    Optional<String> user,
    Optional<String> group)
    implements HealthCheck {

  /**
   * Checks the command.
   *
   * @throws IllegalArgumentException if there is no program, an argument has a NUL, or the time-out
   *     is out of range
   */
  public CommandCheck {
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(timeout, "timeout");
    command = List.copyOf(command);
    if (command.isEmpty() || command.get(0).isEmpty()) {
      throw new IllegalArgumentException("command must begin with a program");
    }
    if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("command must not contain a NUL");
    }
    HealthArgument.time("timeout", timeout);
    Objects.requireNonNull(user, "user");
    if (group.isPresent() && user.isEmpty()) {
      throw new IllegalArgumentException("a group needs a user");
    }
  }

  /**
   * Returns a check whose status is no weight, as this process's user.
   *
   * @param timeout how long one run may take
   * @param command the program and its arguments
   * @return the check
   */
  public static CommandCheck of(Duration timeout, String... command) {
    Objects.requireNonNull(command, "command");
    return new CommandCheck(List.of(command), timeout, false, Optional.empty(), Optional.empty());
  }

  /**
   * Returns a copy whose status is a weight.
   *
   * @return a copy
   */
  public CommandCheck dynamicWeight() {
    return new CommandCheck(command, timeout, true, user, group);
  }

  @Override
  public String describe() {
    return "command " + command.get(0);
  }
}
