// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A virtual service as the kernel reports it.
 *
 * @param definition its configuration with the real servers: enough to recreate it
 * @param servers its real servers, in the order of {@link VirtualService#realServers()}
 * @param counters totals
 * @param rates figures a second
 * @since 0.1.0
 */
public record ServiceState(
    VirtualService definition, List<ServerState> servers, Counters counters, Rates rates) {

  /** Copies the list. */
  public ServiceState {
    Objects.requireNonNull(servers, "servers");
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(counters, "counters");
    Objects.requireNonNull(rates, "rates");
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

  /**
   * Returns one of its real servers.
   *
   * @param server address and port
   * @return empty if the service has none of this key
   */
  public Optional<ServerState> server(ServerKey server) {
    Objects.requireNonNull(server, "server");
    return servers.stream().filter(state -> state.key().equals(server)).findFirst();
  }

  /** Returns the service's configuration in one line. */
  @Override
  public String toString() {
    return definition.toString();
  }
}
