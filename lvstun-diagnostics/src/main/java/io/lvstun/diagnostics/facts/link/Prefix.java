// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A network: the first bits of an address.
 *
 * @since 0.1.0
 */
public final class Prefix {

  private final byte[] bytes;
  private final int length;

  private Prefix(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /** Returns the bits that count. */
  public int length() {
    return length;
  }

  /** Tells whether an address is within the network. */
  public static boolean covers(byte[] network, int length, InetAddress address) {
    byte[] other = address.getAddress();
    if (other.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((network[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Reads {@code 192.0.2.0/24}, an address, or an address with a dotted mask. */
  public static Optional<Prefix> parse(String text) {
    int slash = text.indexOf('/');
    try {
      byte[] bytes = IpAddress.parse(slash < 0 ? text : text.substring(0, slash)).getAddress();
      int bits = bytes.length * 8;
      if (slash < 0) {
        return Optional.of(new Prefix(bytes, bits));
      }
      String mask = text.substring(slash + 1);
      int length =
          mask.matches("\\d{1,3}") ? Integer.parseInt(mask) : maskLength(IpAddress.parse(mask));
      return length < 0 || length > bits
          ? Optional.empty()
          : Optional.of(new Prefix(bytes, length));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int maskLength(InetAddress mask) {
    int length = 0;
    boolean ended = false;
    for (byte octet : mask.getAddress()) {
      for (int bit = 7; bit >= 0; bit--) {
        boolean set = (octet >> bit & 1) != 0;
        if (set && ended) {
          return -1;
        }
        ended |= !set;
        length += set ? 1 : 0;
      }
    }
    return length;
  }

  /** Tells whether an address is within the network. */
  public boolean covers(InetAddress address) {
    return covers(bytes, length, address);
  }
}
