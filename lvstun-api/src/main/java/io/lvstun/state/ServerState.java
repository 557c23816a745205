// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import java.util.Objects;

/**
 * A real server as the kernel reports it.
 *
 * @param definition its configuration
 * @param activeConnections connections in the states SYN_RECV and ESTABLISHED, seen from the
 *     client's side
 * @param inactiveConnections connections in any other state
 * @param persistentConnections persistence templates that point to it
 * @param counters totals
 * @param rates figures a second
 * @since 0.1.0
 */
public record ServerState(
    RealServer definition,
    long activeConnections,
    long inactiveConnections,
    long persistentConnections,
    Counters counters,
    Rates rates) {
  /** Checks that nothing is missing. */
  public ServerState {
    Objects.requireNonNull(rates, "rates");
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(counters, "counters");
  }

  /**
   * Returns what identifies the server within its service.
   *
   * @return address and port
   */
  public ServerKey key() {
    return definition.key();
  }

  /** Returns the columns of {@code ipvsadm -L}, for example {@code 192.0.2.11:80 Tunnel 1 3 0}. */
  @Override
  public String toString() {
    return definition + " " + activeConnections + " " + inactiveConnections;
  }
}
