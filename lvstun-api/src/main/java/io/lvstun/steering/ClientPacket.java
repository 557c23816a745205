// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Known fields of the first packet of a connection, for {@link SteeringMap#explain}. Immutable.
 *
 * @param source the client's address
 * @param sourcePort 0 to 65535
 * @param destinationPort 0 to 65535
 * @param dscp 0 to 63
 * @param inboundInterface name of the interface by which it comes in
 * @since 0.1.0
 */
public record ClientPacket(
    InetAddress source,
    OptionalInt sourcePort,
    OptionalInt destinationPort,
    OptionalInt dscp,
    Optional<String> inboundInterface) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a port or the DSCP is out of range
   */
  public ClientPacket {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(sourcePort, "sourcePort");
    Objects.requireNonNull(destinationPort, "destinationPort");
    Objects.requireNonNull(dscp, "dscp");
    Objects.requireNonNull(inboundInterface, "inboundInterface");
    range("source port", sourcePort, 65535);
    range("destination port", destinationPort, 65535);
    range("dscp", dscp, 63);
  }

  private static void range(String name, OptionalInt value, int most) {
    if (value.isPresent() && (value.getAsInt() < 0 || value.getAsInt() > most)) {
      throw new IllegalArgumentException(
          name + " must be 0 to " + most + ", not " + value.getAsInt());
    }
  }

  /**
   * Returns a packet of which only the client's address is known.
   *
   * @param address an IPv4 or IPv6 literal
   * @return the packet
   * @throws IllegalArgumentException if it is no literal
   */
  public static ClientPacket from(String address) {
    Objects.requireNonNull(address, "address");
    return from(IpAddress.parse(address));
  }

  /**
   * Returns a packet of which only the client's address is known.
   *
   * @param address the client's address
   * @return the packet
   */
  public static ClientPacket from(InetAddress address) {
    Objects.requireNonNull(address, "address");
    return new ClientPacket(
        address, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
  }

  /**
   * Returns a copy with ports.
   *
   * @param fromPort the source port
   * @param toPort the destination port
   * @return the copy
   */
  public ClientPacket ports(int fromPort, int toPort) {
    return new ClientPacket(
        source, OptionalInt.of(fromPort), OptionalInt.of(toPort), dscp, inboundInterface);
  }

  /**
   * Returns a copy with a code point.
   *
   * @param value 0 to 63
   * @return the copy
   */
  public ClientPacket dscp(int value) {
    return new ClientPacket(
        source, sourcePort, destinationPort, OptionalInt.of(value), inboundInterface);
  }

  /**
   * Returns a copy with an interface.
   *
   * @param name by which it comes in
   * @return the copy
   */
  public ClientPacket inboundInterface(String name) {
    Objects.requireNonNull(name, "name");
    return new ClientPacket(source, sourcePort, destinationPort, dscp, Optional.of(name));
  }
}
