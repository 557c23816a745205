// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import java.util.Objects;
import java.util.Optional;

/**
 * A network interface, as the kernel reports it.
 *
 * @param index the kernel's number for it, positive
 * @param name its name, for example {@code "eth0"}
 * @param mtu the longest packet in bytes
 * @param flags {@code IFF_*} bits of {@code linux/if.h}
 * @param kind what made it: {@code "ipip"}, {@code "veth"}, ...; empty for hardware and {@code lo}
 * @param tunnel its settings if it is a tunnel of a kind in {@link Tunnel.Kind}
 * @since 0.1.0
 */
public record Link(
    int index, String name, int mtu, int flags, String kind, Optional<Tunnel> tunnel) {
  /** Checks that nothing is missing. */
  public Link {
    Objects.requireNonNull(tunnel, "tunnel");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
  }

  private static final int IFF_UP = 0x1;
  private static final int IFF_LOOPBACK = 0x8;
  private static final int IFF_RUNNING = 0x40;

  /**
   * Tells whether it is meant to be up.
   *
   * @return true if it was set up
   */
  public boolean isUp() {
    return (flags & IFF_UP) != 0;
  }

  /**
   * Tells whether it can carry packets.
   *
   * @return true if it is up and, for a cable, the other end is there
   */
  public boolean isRunning() {
    return (flags & IFF_RUNNING) != 0;
  }

  /**
   * Tells whether it is the loopback interface.
   *
   * @return true for {@code lo}
   */
  public boolean isLoopback() {
    return (flags & IFF_LOOPBACK) != 0;
  }

  /** Returns a line such as {@code 4: tunl0 mtu 1480 up ipip}. */
  @Override
  public String toString() {
    return index
        + ": "
        + name
        + " mtu "
        + mtu
        + (isUp() ? " up" : " down")
        + (kind.isEmpty() ? "" : " " + kind);
  }
}
