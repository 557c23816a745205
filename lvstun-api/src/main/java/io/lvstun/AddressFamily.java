// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Objects;

/**
 * An address family that IPVS knows.
 *
 * @since 0.1.0
 */
public enum AddressFamily {
  /** Internet Protocol version 4; {@code AF_INET}, 2. */
  IPV4(2, 32),
  /** Internet Protocol version 6; {@code AF_INET6}, 10. */
  IPV6(10, 128);

  private final int number;
  private final int addressBits;

  AddressFamily(int number, int addressBits) {
    this.number = number;
    this.addressBits = addressBits;
  }

  /**
   * Returns the family of an address.
   *
   * @param address an IPv4 or IPv6 address
   * @return its family
   */
  public static AddressFamily of(InetAddress address) {
    Objects.requireNonNull(address, "address");
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }

  /**
   * Returns Linux's number for the family: 2 or 10.
   *
   * @return the number in {@code struct sockaddr}
   */
  public int number() {
    return number;
  }

  /**
   * Returns the width of an address: 32 or 128.
   *
   * @return the number of bits
   */
  public int addressBits() {
    return addressBits;
  }

  /** Returns {@code IPv4} or {@code IPv6}. */
  @Override
  public String toString() {
    return this == IPV4 ? "IPv4" : "IPv6";
  }
}
