// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import io.lvstun.Command;

/**
 * Decides which requests to a {@link MemoryDriver} fail. Called on the thread that makes the
 * request: an implementation with state must be thread-safe if the driver is shared.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Faults {

  /**
   * Called before each command.
   *
   * @param command the command
   * @return what goes wrong with it, {@link Fault#NONE} for nothing
   */
  Fault command(Command command);

  /**
   * Called before each read. By default nothing goes wrong with reads.
   *
   * @param operation what is read: {@code "read services"}, {@code "read service"}, {@code "read
   *     timeouts"}, {@code "read sync daemons"}, {@code "read info"} or {@code "read connections"}
   * @return what goes wrong with it, {@link Fault#NONE} for nothing
   */
  default Fault read(String operation) {
    return Fault.NONE;
  }
}
