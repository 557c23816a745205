// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A packet to be led through a {@link Firewall}. What is not stated is not known, and a rule that
 * asks for it may match or not.
 *
 * @param protocol IP protocol number: 4 for IP in IP, 6 for TCP
 * @param ipv6 whether the (outer) packet is IPv6
 * @param source source address
 * @param destination destination address
 * @param in device it arrives on; empty string for packets that the host sends
 * @param out device it leaves by; empty string for packets to the host
 * @param sourcePort source port
 * @param destinationPort destination port
 * @param state what connection tracking says of it: {@code new}, {@code established}, {@code
 *     invalid}, {@code untracked}
 * @param icmpType type of an ICMP message
 * @param tcpFlags flags of a TCP segment, 2 for SYN, 16 for ACK
 * @since 0.1.0
 */
public record Packet(
    int protocol,
    boolean ipv6,
    Optional<InetAddress> source,
    Optional<InetAddress> destination,
    Optional<String> in,
    Optional<String> out,
    OptionalInt sourcePort,
    OptionalInt destinationPort,
    Optional<String> state,
    OptionalInt icmpType,
    OptionalInt tcpFlags) {

  /**
   * Returns an IPv4 packet of which only the protocol is known.
   *
   * @param protocol IP protocol number
   * @return the packet
   */
  public static Packet ipv4(int protocol) {
    return of(protocol, false);
  }

  /**
   * Returns an IPv6 packet of which only the protocol is known.
   *
   * @param protocol protocol number
   * @return the packet
   */
  public static Packet ipv6(int protocol) {
    return of(protocol, true);
  }

  private static Packet of(int protocol, boolean ipv6) {
    return new Packet(
        protocol,
        ipv6,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  /**
   * Returns a copy with a source address.
   *
   * @param address the address
   * @return the copy
   */
  public Packet from(InetAddress address) {
    return new Packet(
        protocol,
        ipv6,
        Optional.of(address),
        destination,
        in,
        out,
        sourcePort,
        destinationPort,
        state,
        icmpType,
        tcpFlags);
  }

  /**
   * Returns a copy with a destination address.
   *
   * @param address the address
   * @return the copy
   */
  public Packet to(InetAddress address) {
    return new Packet(
        protocol,
        ipv6,
        source,
        Optional.of(address),
        in,
        out,
        sourcePort,
        destinationPort,
        state,
        icmpType,
        tcpFlags);
  }

  /**
   * Returns a copy that arrives on a device.
   *
   * @param device the device's name
   * @return the copy
   */
  public Packet arrivingOn(String device) {
    return new Packet(
        protocol,
        ipv6,
        source,
        destination,
        Optional.of(device),
        Optional.of(""),
        sourcePort,
        destinationPort,
        state,
        icmpType,
        tcpFlags);
  }

  /**
   * Returns a copy that leaves by a device.
   *
   * @param device the device's name
   * @return the copy
   */
  public Packet leavingBy(String device) {
    return new Packet(
        protocol,
        ipv6,
        source,
        destination,
        Optional.of(""),
        Optional.of(device),
        sourcePort,
        destinationPort,
        state,
        icmpType,
        tcpFlags);
  }

  /**
   * Returns a copy with a destination port.
   *
   * @param port the port
   * @return the copy
   */
  public Packet toPort(int port) {
    return new Packet(
        protocol,
        ipv6,
        source,
        destination,
        in,
        out,
        sourcePort,
        OptionalInt.of(port),
        state,
        icmpType,
        tcpFlags);
  }

  /**
   * Returns a copy with a source port.
   *
   * @param port the port
   * @return the copy
   */
  public Packet fromPort(int port) {
    return new Packet(
        protocol,
        ipv6,
        source,
        destination,
        in,
        out,
        OptionalInt.of(port),
        destinationPort,
        state,
        icmpType,
        tcpFlags);
  }

  /**
   * Returns a copy with a state.
   *
   * @param state what connection tracking says of it
   * @return the copy
   */
  public Packet inState(String state) {
    return state(Optional.of(state));
  }

  /**
   * Returns a copy of which the state is not known.
   *
   * @return the copy
   */
  public Packet withoutState() {
    return state(Optional.empty());
  }

  private Packet state(Optional<String> other) {
    return new Packet(
        protocol,
        ipv6,
        source,
        destination,
        in,
        out,
        sourcePort,
        destinationPort,
        other,
        icmpType,
        tcpFlags);
  }

  /**
   * Returns a copy with an ICMP type.
   *
   * @param type for example 3, destination unreachable
   * @return the copy
   */
  public Packet icmp(int type) {
    return new Packet(
        protocol,
        ipv6,
        source,
        destination,
        in,
        out,
        sourcePort,
        destinationPort,
        state,
        OptionalInt.of(type),
        tcpFlags);
  }

  /**
   * Returns a copy with TCP flags.
   *
   * @param flags for example 2, SYN alone
   * @return the copy
   */
  public Packet flagged(int flags) {
    return new Packet(
        protocol,
        ipv6,
        source,
        destination,
        in,
        out,
        sourcePort,
        destinationPort,
        state,
        icmpType,
        OptionalInt.of(flags));
  }
}
