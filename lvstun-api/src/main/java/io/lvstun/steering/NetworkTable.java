// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * Networks of one family that do not overlap, in ascending order, each with the number of its
 * place. Immutable. 13 bytes a network for IPv4, 21 for IPv6.
 */
final class NetworkTable {

  private final AddressFamily family;
  private final long[] high; // empty for IPv4
  private final long[] low;
  private final byte[] prefixLengths; // as unsigned
  private final int[] places;

  private NetworkTable(
      AddressFamily family, long[] high, long[] low, byte[] prefixLengths, int[] places) {
    this.family = family;
    this.high = high;
    this.low = low;
    this.prefixLengths = prefixLengths;
    this.places = places;
  }

  int size() {
    return low.length;
  }

  /** The index of the network that an address is in. */
  OptionalInt find(InetAddress address) {
    Bits wanted = Bits.of(address);
    int from = -1;
    int to = low.length;
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      if (first(middle).compareTo(wanted) <= 0) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return from >= 0 && wanted.compareTo(last(from)) <= 0
        ? OptionalInt.of(from)
        : OptionalInt.empty();
  }

  Cidr network(int index) {
    return new Cidr(first(index).address(family), prefixLengths[index] & 0xff);
  }

  int place(int index) {
    return places[index];
  }

  /** The numbers that an operator gives to places, by address. */
  AddressMap map(IntUnaryOperator operator) {
    AddressMap.Builder builder = new AddressMap.Builder(family);
    for (int i = 0; i < low.length; i++) {
      int value = operator.applyAsInt(places[i]);
      if (value != AddressMap.NONE) {
        builder.add(first(i), last(i), value);
      }
    }
    return builder.build();
  }

  private Bits first(int index) {
    return new Bits(high.length == 0 ? 0 : high[index], low[index]);
  }

  private Bits last(int index) {
    return first(index)
        .or(Bits.hostMask((prefixLengths[index] & 0xff) + 128 - family.addressBits()));
  }

  /** Takes networks in any order. */
  static final class Builder {

    private final AddressFamily family;
    private long[] high;
    private long[] low = new long[1024];
    private byte[] prefixLengths = new byte[1024];
    private int[] places = new int[1024];
    private int size;
    private boolean ascending = true;

    Builder(AddressFamily family) {
      this.family = family;
      high = new long[family == AddressFamily.IPV4 ? 0 : 1024];
    }

    int size() {
      return size;
    }

    void add(Bits first, int prefixLength, int place) {
      if (size == low.length) {
        int more = size + (size >> 1);
        high = high.length == 0 ? high : Arrays.copyOf(high, more);
        low = Arrays.copyOf(low, more);
        prefixLengths = Arrays.copyOf(prefixLengths, more);
        places = Arrays.copyOf(places, more);
      }
      if (size > 0 && first(size - 1).compareTo(first) >= 0) {
        ascending = false;
      }
      if (high.length > 0) {
        high[size] = first.high();
      }
      low[size] = first.low();
      prefixLengths[size] = (byte) prefixLength;
      places[size] = place;
      size++;
    }

    private Bits first(int index) {
      return new Bits(high.length == 0 ? 0 : high[index], low[index]);
    }

    NetworkTable build() {
      NetworkTable table =
          new NetworkTable(
              family,
              high.length == 0 ? high : Arrays.copyOf(high, size),
              Arrays.copyOf(low, size),
              Arrays.copyOf(prefixLengths, size),
              Arrays.copyOf(places, size));
      return ascending ? table : table.sorted();
    }
  }

  private NetworkTable sorted() {
    Integer[] order = new Integer[low.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> first(a).compareTo(first(b)));
    Builder builder = new Builder(family);
    for (int i : order) {
      builder.add(first(i), prefixLengths[i] & 0xff, places[i]);
    }
    return new NetworkTable(
        family,
        high.length == 0 ? high : Arrays.copyOf(builder.high, builder.size),
        Arrays.copyOf(builder.low, builder.size),
        Arrays.copyOf(builder.prefixLengths, builder.size),
        Arrays.copyOf(builder.places, builder.size));
  }
}
