// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of addresses into objects, the same one for the same address as long as its slot
 * is not taken by another: real servers recur in many services, and in every reading. Has more
 * slots where there are more addresses. Not thread-safe.
 */
final class Addresses {

  private static final int FEWEST_SLOTS = 1 << 8;
  private static final int MOST_SLOTS = 1 << 16;

  private @Nullable InetAddress[] v4 = new @Nullable InetAddress[FEWEST_SLOTS];
  private int[] v4Bits = new int[FEWEST_SLOTS];
  private int v4Misses;
  private @Nullable InetAddress[] v6 = new @Nullable InetAddress[FEWEST_SLOTS];
  private long[] v6High = new long[FEWEST_SLOTS];
  private long[] v6Low = new long[FEWEST_SLOTS];
  private int v6Misses;

  InetAddress v4(int bits) {
    int slot = slot(bits, v4.length);
    InetAddress known = v4[slot];
    if (known != null && v4Bits[slot] == bits) {
      return known;
    }
    InetAddress address =
        IpAddress.ofBytes(
            new byte[] {
              (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
            });
    if (++v4Misses > v4.length && v4.length < MOST_SLOTS) {
      growV4();
      slot = slot(bits, v4.length);
    }
    v4[slot] = address;
    v4Bits[slot] = bits;
    return address;
  }

  private void growV4() {
    int slots = 4 * v4.length;
    @Nullable InetAddress[] addresses = new @Nullable InetAddress[slots];
    int[] bits = new int[slots];
    for (int i = 0; i < v4.length; i++) {
      int slot = slot(v4Bits[i], slots);
      addresses[slot] = v4[i];
      bits[slot] = v4Bits[i];
    }
    v4 = addresses;
    v4Bits = bits;
    v4Misses = 0;
  }

  InetAddress v6(long high, long low) {
    int slot = slot(fold(high, low), v6.length);
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
    if (++v6Misses > v6.length && v6.length < MOST_SLOTS) {
      growV6();
      slot = slot(fold(high, low), v6.length);
    }
    v6[slot] = address;
    v6High[slot] = high;
    v6Low[slot] = low;
    return address;
  }

  private void growV6() {
    int slots = 4 * v6.length;
    @Nullable InetAddress[] addresses = new @Nullable InetAddress[slots];
    long[] highs = new long[slots];
    long[] lows = new long[slots];
    for (int i = 0; i < v6.length; i++) {
      int slot = slot(fold(v6High[i], v6Low[i]), slots);
      addresses[slot] = v6[i];
      highs[slot] = v6High[i];
      lows[slot] = v6Low[i];
    }
    v6 = addresses;
    v6High = highs;
    v6Low = lows;
    v6Misses = 0;
  }

  private static int fold(long high, long low) {
    return (int) (high ^ high >>> 32 ^ low ^ low >>> 32);
  }

  private static int slot(int hash, int slots) {
    return (hash ^ hash >>> 12 ^ hash >>> 24) & (slots - 1);
  }
}
