// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import java.util.List;

/**
 * A virtual service as the kernel reports it.
 *
 * @param definition its configuration, with the real servers: what would bring it about again
 * @param servers its real servers, in the order of {@link VirtualService#realServers()}
 * @param counters totals
 * @param rates figures a second
 * @since 0.1.0
 */
public record ServiceState(
    VirtualService definition, List<ServerState> servers, Counters counters, Rates rates) {

  /** Copies the list. */
  public ServiceState {
    servers = List.copyOf(servers);
  }

  /**
   * Returns what identifies the service.
   *
   * @return the key
   */
  public ServiceKey key() {
    return definition.key();
  }

  /** Returns the service's configuration in one line. */
  @Override
  public String toString() {
    return definition.toString();
  }
}
