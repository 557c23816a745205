// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Set;

/**
 * An address of a network device.
 *
 * @param device for example {@code eth0}
 * @param address the address
 * @param prefixLength of its network: 0 to 32, or to 128
 * @param scope for example {@code global}, {@code host}, {@code link}
 * @param flags for example {@code secondary}, {@code tentative}, {@code dadfailed}
 * @since 0.1.0
 */
public record Address(
    String device, InetAddress address, int prefixLength, String scope, Set<String> flags) {

  /**
   * Checks the prefix length and copies the set.
   *
   * @throws IllegalArgumentException if the prefix is longer than the address, or negative
   */
  public Address {
    int bits = address.getAddress().length * 8;
    if (prefixLength < 0 || prefixLength > bits) {
      throw new IllegalArgumentException(
          "prefix length of "
              + IpAddress.format(address)
              + " must be 0 to "
              + bits
              + ", not "
              + prefixLength);
    }
    flags = Set.copyOf(flags);
  }

  /**
   * Tells whether another address is in the network of this one.
   *
   * @param other the other address
   * @return true if it is of the same family and network; always for the address itself
   */
  public boolean covers(InetAddress other) {
    return Prefix.covers(address.getAddress(), prefixLength, other);
  }

  /** Returns for example {@code 192.0.2.1/24 dev eth0}. */
  @Override
  public String toString() {
    return IpAddress.format(address) + "/" + prefixLength + " dev " + device;
  }
}
