// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An address as an unsigned number of 128 bits; an IPv4 address takes the lowest 32.
 *
 * @param high the upper 64 bits, 0 for IPv4
 * @param low the lower 64 bits
 */
record Bits(long high, long low) implements Comparable<Bits> {

  static Bits of(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == 4
        ? new Bits(0, Integer.toUnsignedLong(buffer.getInt()))
        : new Bits(buffer.getLong(), buffer.getLong());
  }

  /** The lowest bits set, as many as are behind a prefix of this length, of 128. */
  static Bits hostMask(int prefixLength) {
    int bits = 128 - prefixLength;
    return bits >= 64
        ? new Bits(bits == 64 ? 0 : -1L >>> (128 - bits), -1L)
        : new Bits(0, bits == 0 ? 0 : -1L >>> (64 - bits));
  }

  /** The last address of a family. */
  static Bits last(AddressFamily family) {
    return hostMask(128 - family.addressBits());
  }

  InetAddress address(AddressFamily family) {
    return IpAddress.ofBytes(
        family == AddressFamily.IPV4
            ? ByteBuffer.allocate(4).putInt((int) low).array()
            : ByteBuffer.allocate(16).putLong(high).putLong(low).array());
  }

  /**
   * The address as text, without a detour by {@link InetAddress}, which would make IPv4 addresses
   * of {@code ::ffff:0:0/96}.
   */
  String text(AddressFamily family) {
    StringBuilder text = new StringBuilder(39);
    if (family == AddressFamily.IPV4) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        text.append(low >>> shift & 0xff).append(shift == 0 ? "" : ".");
      }
    } else {
      for (int group = 7; group >= 0; group--) {
        long half = group > 3 ? high : low;
        text.append(Long.toHexString(half >>> (group & 3) * 16 & 0xffff));
        text.append(group == 0 ? "" : ":");
      }
    }
    return text.toString();
  }

  Bits or(Bits other) {
    return new Bits(high | other.high, low | other.low);
  }

  Bits andNot(Bits other) {
    return new Bits(high & ~other.high, low & ~other.low);
  }

  /** The next number; after the last one comes 0. */
  Bits next() {
    return low == -1L ? new Bits(high + 1, 0) : new Bits(high, low + 1);
  }

  Bits previous() {
    return low == 0 ? new Bits(high - 1, -1L) : new Bits(high, low - 1);
  }

  /** How many of the lowest bits are 0: 128 for 0. */
  int trailingZeros() {
    return low == 0 ? 64 + Long.numberOfTrailingZeros(high) : Long.numberOfTrailingZeros(low);
  }

  @Override
  public int compareTo(Bits other) {
    return compare(high, low, other.high, other.low);
  }

  static int compare(long high, long low, long otherHigh, long otherLow) {
    int order = Long.compareUnsigned(high, otherHigh);
    return order == 0 ? Long.compareUnsigned(low, otherLow) : order;
  }
}
