// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * How a check's packets reach the real server.
 *
 * @since 0.1.0
 */
public sealed interface CheckPath {

  /**
   * Straight to an address, by default the server's own.
   *
   * @param address where to connect; empty for the server's address ({@code connect_ip})
   * @param port where to connect, 0 for the server's port ({@code connect_port})
   * @param source address to connect from; empty for what routing chooses ({@code bindto})
   * @param sourcePort port to connect from, 0 for any ({@code bind_port})
   * @param device device to send by, empty for what routing chooses ({@code bind_if}); needs
   *     CAP_NET_RAW
   * @param mark firewall mark of the packets, 0 for none ({@code fwmark}); needs CAP_NET_ADMIN
   * @since 0.1.0
   */
  record Direct(
      Optional<InetAddress> address,
      int port,
      Optional<InetAddress> source,
      int sourcePort,
      String device,
      long mark)
      implements CheckPath {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a port or the mark is out of range
     */
    public Direct {
      Objects.requireNonNull(address, "address");
      Objects.requireNonNull(source, "source");
      HealthArgument.of("port", port, 0, 65535);
      HealthArgument.of("source port", sourcePort, 0, 65535);
      if (device.length() > 15 || !device.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/')) {
        throw new IllegalArgumentException(
            "device must have at most 15 printable characters, not \"" + device + '"');
      }
      if (mark < 0 || mark > 0xffff_ffffL) {
        throw new IllegalArgumentException("mark must be 0 to 4294967295, not " + mark);
      }
    }

    /**
     * Returns a copy that connects to another address.
     *
     * @param address where to connect
     * @return a copy
     */
    public Direct to(InetAddress address) {
      Objects.requireNonNull(address, "address");
      return new Direct(Optional.of(address), port, source, sourcePort, device, mark);
    }

    /**
     * Returns a copy that connects to another port.
     *
     * @param port 0 for the server's, to 65535
     * @return a copy
     */
    public Direct port(int port) {
      return new Direct(address, port, source, sourcePort, device, mark);
    }

    /**
     * Returns a copy that connects from an address.
     *
     * @param source one of this host's addresses
     * @return a copy
     */
    public Direct from(InetAddress source) {
      Objects.requireNonNull(source, "source");
      return new Direct(address, port, Optional.of(source), sourcePort, device, mark);
    }

    /**
     * Returns a copy that connects from a port.
     *
     * @param port 0 for any, to 65535
     * @return a copy
     */
    public Direct fromPort(int port) {
      return new Direct(address, this.port, source, port, device, mark);
    }

    /**
     * Returns a copy that sends by a device.
     *
     * @param device its name, empty for what routing chooses
     * @return a copy
     */
    public Direct device(String device) {
      return new Direct(address, port, source, sourcePort, device, mark);
    }

    /**
     * Returns a copy whose packets carry a firewall mark.
     *
     * @param mark 0 for none, to 4294967295
     * @return a copy
     */
    public Direct mark(long mark) {
      return new Direct(address, port, source, sourcePort, device, mark);
    }
  }

  /**
   * To the virtual address, through the tunnel to the real server: the path of clients' packets. It
   * fails if the server lacks the virtual address, its tunnel device is down, or a strict reverse
   * path filter or packet filter drops the packets, even though the server's own address answers.
   *
   * @param virtualAddress the virtual address (VIP)
   * @param port the virtual port, 1 to 65535
   * @param encapsulation what packets are wrapped in
   * @param source this host's address that the server answers to, inside the tunnel; empty for the
   *     one that routing chooses towards the server. Not the virtual address
   * @since 0.1.0
   */
  record Tunnel(
      InetAddress virtualAddress,
      int port,
      Encapsulation encapsulation,
      Optional<InetAddress> source)
      implements CheckPath {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the port is out of range, or the source is the virtual
     *     address or of another family
     */
    public Tunnel {
      Objects.requireNonNull(virtualAddress, "virtual address");
      Objects.requireNonNull(encapsulation, "encapsulation");
      HealthArgument.of("port", port, 1, 65535);
      if (source.isPresent()) {
        if (source.get().equals(virtualAddress)) {
          throw new IllegalArgumentException(
              "source must not be the virtual address: the real server would answer itself");
        }
        if (source.get().getClass() != virtualAddress.getClass()) {
          throw new IllegalArgumentException(
              "source must be of the virtual address's family, not "
                  + IpAddress.format(source.get()));
        }
      }
    }

    /**
     * Returns a copy with a source.
     *
     * @param source this host's address that the server answers to
     * @return a copy
     */
    public Tunnel from(InetAddress source) {
      Objects.requireNonNull(source, "source");
      return new Tunnel(virtualAddress, port, encapsulation, Optional.of(source));
    }
  }

  /**
   * Returns the path to the server's own address and port.
   *
   * @return the path
   */
  static Direct direct() {
    return new Direct(Optional.empty(), 0, Optional.empty(), 0, "", 0);
  }

  /**
   * Returns the path that clients' packets take.
   *
   * @param virtualAddress the virtual address
   * @param port the virtual port, 1 to 65535
   * @param encapsulation what packets are wrapped in
   * @return the path
   * @throws IllegalArgumentException if the port is out of range
   */
  static Tunnel tunnel(InetAddress virtualAddress, int port, Encapsulation encapsulation) {
    return new Tunnel(virtualAddress, port, encapsulation, Optional.empty());
  }
}
