// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import java.util.Objects;

/**
 * A real server in one of its services: the kernel's term is destination.
 *
 * @param service the service
 * @param server the real server's address and port within that service
 * @since 0.1.0
 */
public record Destination(ServiceKey service, ServerKey server) {

  /** Refuses null. */
  public Destination {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(server, "server");
  }

  /** Returns for example {@code 192.0.2.11:80 of TCP 192.0.2.1:80}. */
  @Override
  public String toString() {
    return server + " of " + service;
  }
}
