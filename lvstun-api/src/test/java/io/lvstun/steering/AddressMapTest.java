// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressMapTest {

  private static final int SIZE = 256;

  /** The last 256 addresses of the family: the end of the numbers is where arithmetic breaks. */
  private static Bits bits(AddressFamily family, int index) {
    return family == AddressFamily.IPV4
        ? new Bits(0, 0xffff_ff00L + index)
        : new Bits(-1L, -256L + index);
  }

  private static AddressMap map(AddressFamily family, int[] values, Random random) {
    AddressMap.Builder builder = new AddressMap.Builder(family);
    int at = 0;
    while (at < SIZE) {
      int end = at + 1;
      // Cut equal neighbours at random: how a map was put together must not show.
      while (end < SIZE && values[end] == values[at] && random.nextInt(4) > 0) {
        end++;
      }
      if (values[at] != AddressMap.NONE) {
        builder.add(bits(family, at), bits(family, end - 1), values[at]);
      }
      at = end;
    }
    return builder.build();
  }

  private static int[] values(Random random) {
    int[] values = new int[SIZE];
    int at = 0;
    while (at < SIZE) {
      int end = Math.min(SIZE, at + 1 + random.nextInt(20));
      Arrays.fill(values, at, end, random.nextInt(4) - 1);
      at = end;
    }
    return values;
  }

  private static int runs(int[] values) {
    int count = 0;
    for (int i = 0; i < SIZE; i++) {
      count += values[i] >= 0 && (i == 0 || values[i - 1] != values[i]) ? 1 : 0;
    }
    return count;
  }

  /** Ranges that do not overlap cannot be fewer than the runs of equal numbers. */
  @Test
  void everyMapIsExactAndMinimal() {
    long seed = Long.getLong("lvstun.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
      int[] mine = values(random);
      int[] others = values(random);
      AddressMap map = map(family, mine, random);
      AddressMap other = map(family, others, random);
      assertMap(seed, family, map, mine);
      int[] merged = Arrays.stream(mine).map(v -> v == 2 ? 1 : v).toArray();
      assertMap(seed, family, map.map(v -> v == 2 ? 1 : v), merged);
      int[] both = new int[SIZE];
      Arrays.setAll(both, i -> mine[i] >= 0 ? mine[i] : others[i]);
      assertMap(seed, family, map.combine(other, (a, b) -> a >= 0 ? a : b), both);
      assertThat(map(family, mine, random)).as("seed %d", seed).isEqualTo(map);
    }
  }

  private static void assertMap(long seed, AddressFamily family, AddressMap map, int[] expected) {
    int[] actual = new int[SIZE];
    Arrays.setAll(actual, i -> map.get(bits(family, i).address(family)));
    assertThat(actual).as("seed %d", seed).isEqualTo(expected);
    assertThat(map.ranges()).as("seed %d", seed).isEqualTo(runs(expected));
    List<Integer> seen = new ArrayList<>();
    map.forEach(
        (first, last, value) -> {
          seen.add(value);
          assertThat(first.compareTo(last)).isNotPositive();
        });
    assertThat(seen).as("seed %d", seed).hasSize(map.ranges());
  }

  @Test
  void overlappingNetworksBecomeOneRange() {
    AddressMap map =
        AddressMap.of(
            AddressFamily.IPV4,
            List.of(
                Cidr.parse("10.1.0.0/16"),
                Cidr.parse("10.0.0.0/8"),
                Cidr.parse("10.0.0.0/8"),
                Cidr.parse("11.0.0.0/8"),
                Cidr.parse("2001:db8::/32"),
                Cidr.parse("255.255.255.255")),
            3);
    assertThat(map.ranges()).isEqualTo(2);
    assertThat(map.get(IpAddress.parse("11.255.255.255"))).isEqualTo(3);
    assertThat(map.get(IpAddress.parse("12.0.0.0"))).isEqualTo(AddressMap.NONE);
    assertThat(map.get(IpAddress.parse("255.255.255.255"))).isEqualTo(3);
  }

  @Test
  void theWholeAddressSpaceIsOneRange() {
    for (String all : List.of("0.0.0.0/0", "::/0")) {
      Cidr network = Cidr.parse(all);
      AddressMap map = AddressMap.of(network.family(), List.of(network), 7);
      assertThat(map.ranges()).isEqualTo(1);
      assertThat(map.get(network.address())).isEqualTo(7);
    }
  }

  @Test
  void rangesMustAscend() {
    AddressMap.Builder builder = new AddressMap.Builder(AddressFamily.IPV4);
    builder.add(new Bits(0, 10), new Bits(0, 20), 1);
    assertThatThrownBy(() -> builder.add(new Bits(0, 20), new Bits(0, 21), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.0.0.20");
  }
}
