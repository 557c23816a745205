// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import io.lvstun.AddressFamily;
import java.util.Objects;

/**
 * A UDP port on which the kernel decapsulates GUE ({@code ip fou add port N gue}). Immutable.
 *
 * @param port 1 to 65535
 * @param family of the outer header
 * @since 0.1.0
 */
public record GuePort(int port, AddressFamily family) {

  /**
   * Checks the port.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public GuePort {
    Objects.requireNonNull(family, "family");
    NetworkArgument.range("port", port, 1, 65535);
  }

  /**
   * Returns a port for packets over IPv4.
   *
   * @param port 1 to 65535
   * @return the value
   * @throws IllegalArgumentException if it is out of range
   */
  public static GuePort of(int port) {
    return new GuePort(port, AddressFamily.IPV4);
  }

  /** Returns a line such as {@code port 6080 gue}. */
  @Override
  public String toString() {
    return "port " + port + " gue" + (family == AddressFamily.IPV6 ? " -6" : "");
  }
}
