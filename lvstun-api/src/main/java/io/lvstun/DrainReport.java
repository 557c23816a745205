// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.time.Duration;
import java.util.Objects;

/**
 * Progress or result of draining a real server.
 *
 * @param server the server
 * @param activeConnections its connections in the states SYN_RECV and ESTABLISHED, at the last look
 * @param elapsed since it was given weight 0
 * @since 0.1.0
 */
public record DrainReport(ServerKey server, long activeConnections, Duration elapsed) {

  /** Refuses null. */
  public DrainReport {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(elapsed, "elapsed");
  }

  /**
   * Tells whether nobody is connected any more.
   *
   * @return false if connections were left when the time was up
   */
  public boolean drained() {
    return activeConnections == 0;
  }

  /** Returns for example {@code 192.0.2.11:80: 3 active connections after 12 s}. */
  @Override
  public String toString() {
    return server
        + ": "
        + activeConnections
        + " active connections after "
        + elapsed.toSeconds()
        + " s";
  }
}
