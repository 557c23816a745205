// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.Command;
import io.lvstun.LvsException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a command of a batch.
 *
 * @param command the command
 * @param error why it failed, null if it was done
 * @since 0.1.0
 */
public record Outcome(Command command, @Nullable LvsException error) {
  /** Checks that nothing is missing. */
  public Outcome {
    Objects.requireNonNull(command, "command");
  }

  /**
   * Returns the outcome of a command that was done.
   *
   * @param command the command
   * @return the outcome
   */
  public static Outcome done(Command command) {
    return new Outcome(command, null);
  }

  /**
   * Returns the outcome of a command that failed.
   *
   * @param command the command
   * @param error why
   * @return the outcome
   */
  public static Outcome failed(Command command, LvsException error) {
    Objects.requireNonNull(error, "error");
    return new Outcome(command, error);
  }

  /**
   * Returns why the command failed.
   *
   * @return empty if it was done
   */
  public Optional<LvsException> failure() {
    return Optional.ofNullable(error);
  }
}
