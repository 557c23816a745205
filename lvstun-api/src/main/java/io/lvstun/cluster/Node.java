// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import io.lvstun.host.Host;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A host of a topology.
 *
 * @param name unique in the topology, for reports: {@code rs1}
 * @param host how to reach it
 * @param roles what it is
 * @param addresses the addresses that the director tunnels to, for a real server; empty if they are
 *     to be found out by comparing its addresses with the director's table
 * @since 0.1.0
 */
public record Node(String name, Host host, Set<Role> roles, List<InetAddress> addresses) {

  /** Copies the collections. */
  public Node {
    Objects.requireNonNull(addresses, "addresses");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(roles, "roles");
    roles = java.util.Collections.unmodifiableSet(EnumSet.copyOf(roles));
    addresses = List.copyOf(addresses);
  }
}
