// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * A network device.
 *
 * @param index the kernel's number
 * @param name for example {@code tunl0}
 * @param flags for example {@code UP}, {@code LOWER_UP}, {@code NOARP}
 * @param mtu in bytes; for tunnels that of the inner packet
 * @param kind what made it, for example {@code ipip}, {@code vlan}, {@code veth}; empty if it is
 *     hardware or not known
 * @param master the bridge or bond that it is part of; empty if none
 * @param tunnel the tunnel's ends; empty if it is no tunnel over IP
 * @param hardwareAddress for example {@code 02:fc:00:00:00:01}; may be empty
 * @param operationalState for example {@code UP} or {@code UNKNOWN}, which is usual for tunnels
 * @param transmitQueues number of transmit queues, 0 if not known
 * @param receiveQueues number of receive queues, 0 if not known
 * @since 0.1.0
 */
public record LinkFacts(
    int index,
    String name,
    Set<String> flags,
    int mtu,
    String kind,
    String master,
    Optional<Tunnel> tunnel,
    String hardwareAddress,
    String operationalState,
    int transmitQueues,
    int receiveQueues) {

  /** Copies the set. */
  public LinkFacts {
    flags = Set.copyOf(flags);
  }

  /**
   * The ends of a tunnel over IP.
   *
   * @param local the outer address it takes packets for; empty for any
   * @param remote the outer address it takes packets from; empty for any
   * @param external whether ends come with each packet ({@code collect_md})
   * @param mode what is inside, for example {@code ipip} or {@code any}; may be empty
   * @since 0.1.0
   */
  public record Tunnel(
      Optional<InetAddress> local, Optional<InetAddress> remote, boolean external, String mode) {}

  /**
   * Tells whether the device was switched on ({@code IFF_UP}).
   *
   * @return true if it was
   */
  public boolean up() {
    return flags.contains("UP");
  }

  /**
   * Tells whether the device answers ARP: it can, and it is no loopback.
   *
   * @return true if it does
   */
  public boolean arp() {
    return !flags.contains("NOARP") && !flags.contains("LOOPBACK") && tunnel.isEmpty();
  }
}
