// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * From where to where a check connects. What is empty is chosen by keepalived: the real server's
 * address and port, a source address and port of the kernel's choice, no mark.
 *
 * <p>Immutable.
 *
 * @param address the address to connect to
 * @param port the port to connect to, 1 to 65535
 * @param source the source address
 * @param interfaceName the interface of a link-local source address
 * @param sourcePort the source port, 1 to 65535
 * @param mark the firewall mark of the check's packets, 1 to 4294967295
 * @since 0.1.0
 */
public record CheckConnection(
    Optional<InetAddress> address,
    Optional<Integer> port,
    Optional<InetAddress> source,
    Optional<String> interfaceName,
    Optional<Integer> sourcePort,
    Optional<Long> mark) {

  /** Everything is left to keepalived. */
  public static final CheckConnection DEFAULT =
      new CheckConnection(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public CheckConnection {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(source, "source");
    port.ifPresent(value -> Checked.range("connect_port", value, 1, 65535));
    sourcePort.ifPresent(value -> Checked.range("bind_port", value, 1, 65535));
    mark.ifPresent(value -> Checked.range("fwmark", value, 1, 0xffff_ffffL));
    interfaceName.ifPresent(value -> Checked.name("bind_if", value));
  }

  /**
   * Returns a copy with another address.
   *
   * @param address the address to connect to
   * @return a copy
   */
  public CheckConnection address(InetAddress address) {
    Objects.requireNonNull(address, "address");
    return new CheckConnection(Optional.of(address), port, source, interfaceName, sourcePort, mark);
  }

  /**
   * Returns a copy with another port.
   *
   * @param port the port to connect to, 1 to 65535
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CheckConnection port(int port) {
    return new CheckConnection(address, Optional.of(port), source, interfaceName, sourcePort, mark);
  }

  /**
   * Returns a copy with another source address.
   *
   * @param source the source address
   * @return a copy
   */
  public CheckConnection source(InetAddress source) {
    Objects.requireNonNull(source, "source");
    return new CheckConnection(address, port, Optional.of(source), interfaceName, sourcePort, mark);
  }

  /**
   * Returns a copy with another interface.
   *
   * @param interfaceName the interface of a link-local source address
   * @return a copy
   * @throws IllegalArgumentException if it is no name of an interface
   */
  public CheckConnection interfaceName(String interfaceName) {
    Objects.requireNonNull(interfaceName, "interfaceName");
    return new CheckConnection(address, port, source, Optional.of(interfaceName), sourcePort, mark);
  }

  /**
   * Returns a copy with another source port.
   *
   * @param sourcePort the source port, 1 to 65535
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CheckConnection sourcePort(int sourcePort) {
    return new CheckConnection(address, port, source, interfaceName, Optional.of(sourcePort), mark);
  }

  /**
   * Returns a copy with another mark.
   *
   * @param mark the firewall mark of the check's packets, 1 to 4294967295
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CheckConnection mark(long mark) {
    return new CheckConnection(address, port, source, interfaceName, sourcePort, Optional.of(mark));
  }
}
