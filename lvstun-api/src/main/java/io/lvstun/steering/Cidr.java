// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Objects;

/**
 * A network: an address and its prefix length. Immutable.
 *
 * @param address the network's first address: all bits behind the prefix are 0
 * @param prefixLength 0 to 32 for IPv4, 0 to 128 for IPv6
 * @since 0.1.0
 */
public record Cidr(InetAddress address, int prefixLength) {

  /**
   * Checks the network.
   *
   * @throws IllegalArgumentException if the prefix is too long, or bits behind it are set
   */
  public Cidr {
    Objects.requireNonNull(address, "address");
    int bits = address.getAddress().length * 8;
    if (prefixLength < 0 || prefixLength > bits) {
      throw new IllegalArgumentException(
          "prefixLength must be 0 to " + bits + ", not " + prefixLength);
    }
    if (!first(address, prefixLength).equals(Bits.of(address))) {
      throw new IllegalArgumentException(
          "address must be the first of its network, but "
              + IpAddress.format(address)
              + '/'
              + prefixLength
              + " begins at "
              + IpAddress.format(first(address, prefixLength).address(AddressFamily.of(address))));
    }
  }

  /**
   * Reads a network.
   *
   * @param text {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or a single address; an IPv4-mapped
   *     network ({@code ::ffff:192.0.2.0/120}) is the IPv4 network
   * @return the network
   * @throws IllegalArgumentException if the text is anything else, or bits behind the prefix are
   *     set
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      InetAddress address = IpAddress.parse(text);
      return new Cidr(address, address.getAddress().length * 8);
    }
    String literal = text.substring(0, slash);
    InetAddress address = IpAddress.parse(literal);
    String digits = text.substring(slash + 1);
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("prefix length must be a number, not \"" + digits + '"');
    }
    int length = Integer.parseInt(digits);
    boolean mapped = address instanceof Inet4Address && literal.indexOf(':') >= 0;
    if (mapped && length < 96) {
      throw new IllegalArgumentException(
          "prefixLength of an IPv4-mapped network must be 96 to 128, not " + length);
    }
    return new Cidr(address, mapped ? length - 96 : length);
  }

  /**
   * Returns the family.
   *
   * @return that of the address
   */
  public AddressFamily family() {
    return AddressFamily.of(address);
  }

  /**
   * Returns whether an address is in the network.
   *
   * @param other an address of any family
   * @return true if it is of the same family and has the same prefix
   */
  public boolean contains(InetAddress other) {
    return AddressFamily.of(other) == family()
        && first(other, prefixLength).equals(Bits.of(address));
  }

  Bits first() {
    return Bits.of(address);
  }

  Bits last() {
    return first().or(Bits.hostMask(prefixLength + 128 - address.getAddress().length * 8));
  }

  private static Bits first(InetAddress address, int prefixLength) {
    return Bits.of(address)
        .andNot(Bits.hostMask(prefixLength + 128 - address.getAddress().length * 8));
  }

  /** Returns the network as text, such as {@code 192.0.2.0/24}. */
  @Override
  public String toString() {
    return IpAddress.format(address) + '/' + prefixLength;
  }
}
