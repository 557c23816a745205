// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a real server within its virtual service: address and port.
 *
 * @param address the real server's IP address (RIP)
 * @param port 0 to 65535; 0 in services by firewall mark and in services for every port
 * @since 0.1.0
 */
public record ServerKey(InetAddress address, int port) {

  /**
   * Checks the port.
   *
   * @throws IllegalArgumentException if the port is out of range
   */
  public ServerKey {
    Objects.requireNonNull(address, "address");
    ServiceArgument.range("port", port, 0, ServiceArgument.MAX_PORT);
  }

  /**
   * Names a real server.
   *
   * @param address IPv4 or IPv6 literal
   * @param port 0 to 65535
   * @return the key
   * @throws IllegalArgumentException if the address is no literal or the port is out of range
   */
  public static ServerKey of(String address, int port) {
    Objects.requireNonNull(address, "address");
    return new ServerKey(IpAddress.parse(address), port);
  }

  // Written out, as in ServiceKey: what the compiler makes for records is put together at run time,
  // when the first plan waits for it.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerKey key && port == key.port && address.equals(key.address);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + port;
  }

  /** Returns for example {@code 192.0.2.11:80} or {@code [2001:db8::11]:80}. */
  @Override
  public String toString() {
    return IpAddress.format(address, port);
  }
}
