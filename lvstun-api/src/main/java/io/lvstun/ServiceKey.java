// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a virtual service in the kernel: protocol, address and port, or a firewall mark with
 * its address family.
 *
 * @since 0.1.0
 */
public sealed interface ServiceKey {

  /**
   * A service reached by protocol, address and port.
   *
   * @param protocol the transport protocol
   * @param address the virtual IP address (VIP)
   * @param port the port, 0 to 65535; 0 stands for every port
   * @since 0.1.0
   */
  record Endpoint(Protocol protocol, InetAddress address, int port) implements ServiceKey {
    /**
     * Checks the port.
     *
     * @throws IllegalArgumentException if the port is out of range
     */
    public Endpoint {
      Objects.requireNonNull(protocol, "protocol");
      Objects.requireNonNull(address, "address");
      ServiceArgument.range("port", port, 0, ServiceArgument.MAX_PORT);
    }

    @Override
    public AddressFamily family() {
      return AddressFamily.of(address);
    }

    // Written out: what the compiler makes for records is put together at run time, when the first
    // plan waits for it.

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Endpoint key
          && port == key.port
          && protocol.number() == key.protocol.number()
          && address.equals(key.address);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * protocol.number() + address.hashCode()) + port;
    }

    /** Returns for example {@code TCP 192.0.2.1:80}. */
    @Override
    public String toString() {
      return protocol + " " + IpAddress.format(address, port);
    }
  }

  /**
   * A service reached by the mark that the firewall put on a packet. Each family has its own marks.
   *
   * @param mark 1 to 4294967295 (32 bits, unsigned)
   * @param family the family of the marked packets
   * @since 0.1.0
   */
  record Mark(long mark, AddressFamily family) implements ServiceKey {
    /**
     * Checks the mark.
     *
     * @throws IllegalArgumentException if the mark is out of range
     */
    public Mark {
      Objects.requireNonNull(family, "family");
      ServiceArgument.range("mark", mark, 1, 0xffff_ffffL);
    }

    /** Returns for example {@code FWM 7} or {@code FWM 7 IPv6}. */
    @Override
    public String toString() {
      return "FWM " + mark + (family == AddressFamily.IPV6 ? " IPv6" : "");
    }
  }

  /**
   * Returns the family of the packets that the service takes.
   *
   * @return the family
   */
  AddressFamily family();

  /**
   * Names a TCP service.
   *
   * @param address IPv4 or IPv6 literal
   * @param port 0 to 65535
   * @return the key
   * @throws IllegalArgumentException if the address is no literal or the port is out of range
   */
  static ServiceKey tcp(String address, int port) {
    Objects.requireNonNull(address, "address");
    return new Endpoint(Protocol.TCP, IpAddress.parse(address), port);
  }

  /**
   * Names a UDP service.
   *
   * @param address IPv4 or IPv6 literal
   * @param port 0 to 65535
   * @return the key
   * @throws IllegalArgumentException if the address is no literal or the port is out of range
   */
  static ServiceKey udp(String address, int port) {
    Objects.requireNonNull(address, "address");
    return new Endpoint(Protocol.UDP, IpAddress.parse(address), port);
  }

  /**
   * Names an SCTP service.
   *
   * @param address IPv4 or IPv6 literal
   * @param port 0 to 65535
   * @return the key
   * @throws IllegalArgumentException if the address is no literal or the port is out of range
   */
  static ServiceKey sctp(String address, int port) {
    Objects.requireNonNull(address, "address");
    return new Endpoint(Protocol.SCTP, IpAddress.parse(address), port);
  }

  /**
   * Names the IPv4 service of a firewall mark.
   *
   * @param mark 1 to 4294967295
   * @return the key
   * @throws IllegalArgumentException if the mark is out of range
   */
  static ServiceKey fwmark(long mark) {
    return new Mark(mark, AddressFamily.IPV4);
  }

  /**
   * Names the IPv6 service of a firewall mark.
   *
   * @param mark 1 to 4294967295
   * @return the key
   * @throws IllegalArgumentException if the mark is out of range
   */
  static ServiceKey fwmark6(long mark) {
    return new Mark(mark, AddressFamily.IPV6);
  }
}
