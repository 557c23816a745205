// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import io.lvstun.ServerKey;
import java.time.Duration;
import java.util.Objects;

/**
 * Reads the load of servers. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LoadSource {

  /**
   * Reads the load of a server.
   *
   * @param server which server
   * @param deadline how long it may take
   * @return what the source says
   * @throws LoadException if it says nothing in time, or nothing that can be used
   * @throws InterruptedException if the thread is interrupted
   */
  LoadReport read(ServerKey server, Duration deadline) throws LoadException, InterruptedException;

  /**
   * A load that could not be read. The server keeps its weight until the last report is stale.
   *
   * @since 0.1.0
   */
  final class LoadException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * Makes an exception.
     *
     * @param message what happened, on what, why
     */
    public LoadException(String message) {
      super(message);
      Objects.requireNonNull(message, "message");
    }

    /**
     * Makes an exception.
     *
     * @param message what happened, on what, why
     * @param cause what led to it
     */
    public LoadException(String message, Throwable cause) {
      super(message, cause);
      Objects.requireNonNull(cause, "cause");
      Objects.requireNonNull(message, "message");
    }
  }
}
