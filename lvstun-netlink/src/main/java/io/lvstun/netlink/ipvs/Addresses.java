// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of addresses into objects, the same one for the same address as long as its slot
 * is not taken by another: real servers recur in many services. Not thread-safe.
 */
final class Addresses {

  private static final int SLOTS = 4096;

  private final @Nullable InetAddress[] v4 = new @Nullable InetAddress[SLOTS];
  private final int[] v4Bits = new int[SLOTS];
  private final @Nullable InetAddress[] v6 = new @Nullable InetAddress[SLOTS];
  private final long[] v6High = new long[SLOTS];
  private final long[] v6Low = new long[SLOTS];

  InetAddress v4(int bits) {
    int slot = slot(bits);
    InetAddress known = v4[slot];
    if (known != null && v4Bits[slot] == bits) {
      return known;
    }
    InetAddress address =
        IpAddress.ofBytes(
            new byte[] {
              (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
            });
    v4[slot] = address;
    v4Bits[slot] = bits;
    return address;
  }

  InetAddress v6(long high, long low) {
    int slot = slot((int) (high ^ high >>> 32 ^ low ^ low >>> 32));
    InetAddress known = v6[slot];
    if (known != null && v6High[slot] == high && v6Low[slot] == low) {
      return known;
    }
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >>> 56 - 8 * i);
      bytes[8 + i] = (byte) (low >>> 56 - 8 * i);
    }
    InetAddress address;
    try {
      // Unlike InetAddress.getByAddress, keeps an IPv4-mapped address an IPv6 one.
      address = Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError("16 bytes are an address", e);
    }
    v6[slot] = address;
    v6High[slot] = high;
    v6Low[slot] = low;
    return address;
  }

  private static int slot(int hash) {
    return (hash ^ hash >>> 12 ^ hash >>> 24) & (SLOTS - 1);
  }
}
