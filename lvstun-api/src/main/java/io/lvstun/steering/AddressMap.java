// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * A number for each address of a family, {@link #NONE} for those that have none. It is kept as the
 * addresses at which the number changes, in ascending order, the first of them 0: so equal
 * neighbours are one range, and no map with the same numbers has fewer ranges.
 *
 * <p>Immutable. 24 bytes a range.
 */
final class AddressMap {

  /** The number of addresses that have none. */
  static final int NONE = -1;

  private final AddressFamily family;
  private final long[] high; // empty for IPv4
  private final long[] low;
  private final int[] values;

  private AddressMap(AddressFamily family, long[] high, long[] low, int[] values) {
    this.family = family;
    this.high = high;
    this.low = low;
    this.values = values;
  }

  /** A map in which no address has a number. */
  static AddressMap empty(AddressFamily family) {
    return new Builder(family).build();
  }

  /** A map in which networks, which may overlap, have one number. */
  static AddressMap of(AddressFamily family, List<Cidr> networks, int value) {
    List<Cidr> sorted =
        networks.stream()
            .filter(network -> network.family() == family)
            .sorted(
                (a, b) -> {
                  int order = a.first().compareTo(b.first());
                  return order == 0 ? a.prefixLength() - b.prefixLength() : order;
                })
            .toList();
    Builder builder = new Builder(family);
    Bits end = null;
    for (Cidr network : sorted) {
      if (end != null && network.last().compareTo(end) <= 0) {
        continue; // CIDRs nest or are apart: this one is inside the one before
      }
      builder.add(network.first(), network.last(), value);
      end = network.last();
    }
    return builder.build();
  }

  AddressFamily family() {
    return family;
  }

  /** The number of an address of this family. */
  int get(InetAddress address) {
    return values[index(Bits.of(address))];
  }

  private int index(Bits address) {
    int from = 0;
    int to = low.length;
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      if (compare(middle, address.high(), address.low()) <= 0) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private int compare(int index, long otherHigh, long otherLow) {
    return Bits.compare(high.length == 0 ? 0 : high[index], low[index], otherHigh, otherLow);
  }

  private Bits start(int index) {
    return new Bits(high.length == 0 ? 0 : high[index], low[index]);
  }

  private Bits end(int index) {
    return index + 1 == low.length ? Bits.last(family) : start(index + 1).previous();
  }

  /** How many ranges have a number. */
  int ranges() {
    int count = 0;
    for (int value : values) {
      count += value == NONE ? 0 : 1;
    }
    return count;
  }

  /** Calls for each range that has a number, in ascending order. */
  void forEach(RangeConsumer consumer) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != NONE) {
        consumer.accept(start(i), end(i), values[i]);
      }
    }
  }

  /** The same with other numbers; the operator gets each number but {@link #NONE}. */
  AddressMap map(IntUnaryOperator operator) {
    Builder builder = new Builder(family);
    for (int i = 0; i < values.length; i++) {
      builder.change(
          high.length == 0 ? 0 : high[i],
          low[i],
          values[i] == NONE ? NONE : operator.applyAsInt(values[i]));
    }
    return builder.build();
  }

  /** The numbers that an operator makes of those of this map and of another one. */
  AddressMap combine(AddressMap other, IntBinaryOperator operator) {
    Builder builder = new Builder(family);
    int mine = 0;
    int others = 0;
    while (mine < values.length || others < other.values.length) {
      int order =
          mine == values.length
              ? 1
              : others == other.values.length ? -1 : start(mine).compareTo(other.start(others));
      Bits at = order <= 0 ? start(mine) : other.start(others);
      if (order <= 0) {
        mine++;
      }
      if (order >= 0) {
        others++;
      }
      builder.change(
          at.high(), at.low(), operator.applyAsInt(values[mine - 1], other.values[others - 1]));
    }
    return builder.build();
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof AddressMap map
        && family == map.family
        && Arrays.equals(high, map.high)
        && Arrays.equals(low, map.low)
        && Arrays.equals(values, map.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(high) + Arrays.hashCode(low)) + Arrays.hashCode(values);
  }

  /** Takes a range and its number. */
  @FunctionalInterface
  interface RangeConsumer {
    void accept(Bits first, Bits last, int value);
  }

  /** Takes ranges in ascending order. */
  static final class Builder {

    private final AddressFamily family;
    private long[] high;
    private long[] low = new long[16];
    private int[] values = new int[16];
    private int size;
    private Bits free = new Bits(0, 0);
    private boolean full;

    Builder(AddressFamily family) {
      this.family = family;
      high = family == AddressFamily.IPV4 ? new long[0] : new long[16];
      change(0, 0, NONE);
    }

    /**
     * Adds a range behind the last one.
     *
     * @throws IllegalArgumentException if it begins before the end of the one before
     */
    void add(Bits first, Bits last, int value) {
      if (full || first.compareTo(free) < 0) {
        throw new IllegalArgumentException(
            "ranges must ascend, but one begins at "
                + first.text(family)
                + ", within or before the last one");
      }
      change(first.high(), first.low(), value);
      full = last.equals(Bits.last(family));
      free = last.next();
      if (!full) {
        change(free.high(), free.low(), NONE);
      }
    }

    private void change(long toHigh, long toLow, int value) {
      if (size > 0 && low[size - 1] == toLow && (high.length == 0 || high[size - 1] == toHigh)) {
        size--; // the gap before a neighbour is empty
      }
      if (size > 0 && values[size - 1] == value) {
        return;
      }
      if (size == low.length) {
        low = Arrays.copyOf(low, size * 2);
        values = Arrays.copyOf(values, size * 2);
        high = high.length == 0 ? high : Arrays.copyOf(high, size * 2);
      }
      if (high.length > 0) {
        high[size] = toHigh;
      }
      low[size] = toLow;
      values[size] = value;
      size++;
    }

    AddressMap build() {
      return new AddressMap(
          family,
          high.length == 0 ? high : Arrays.copyOf(high, size),
          Arrays.copyOf(low, size),
          Arrays.copyOf(values, size));
    }
  }
}
