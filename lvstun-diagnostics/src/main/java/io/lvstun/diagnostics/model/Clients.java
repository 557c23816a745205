// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The clients that are known: the vantage hosts.
 *
 * @since 0.1.0
 */
public final class Clients {

  private Clients() {}

  /**
   * Returns the addresses that the vantage hosts speak to a virtual address from.
   *
   * @param cluster the cluster
   * @param virtual the virtual address
   * @return of each vantage host the source of its route, or as long as that is not known its
   *     addresses of the family; empty if there is no vantage host
   */
  public static Set<InetAddress> of(Cluster cluster, InetAddress virtual) {
    Set<InetAddress> clients = new LinkedHashSet<>();
    for (Member vantage : cluster.members(Role.VANTAGE)) {
      Optional<InetAddress> source =
          vantage.facts().routeTo(virtual).known().flatMap(RouteFacts::source);
      if (source.isPresent()) {
        clients.add(source.get());
        continue;
      }
      vantage.facts().addresses().known().orElse(List.of()).stream()
          .map(Address::address)
          .filter(address -> address.getAddress().length == virtual.getAddress().length)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .forEach(clients::add);
    }
    return clients;
  }
}
