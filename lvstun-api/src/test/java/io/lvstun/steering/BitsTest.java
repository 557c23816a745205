// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BitsTest {

  private static BigInteger number(Bits bits) {
    return new BigInteger(String.format("%016x%016x", bits.high(), bits.low()), 16);
  }

  @Test
  void agreesWithBigIntegers() {
    long seed = Long.getLong("lvstun.seed", System.nanoTime());
    Random random = new Random(seed);
    BigInteger all = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
    for (int i = 0; i < 5_000; i++) {
      Bits one = new Bits(pick(random), pick(random));
      Bits two = new Bits(pick(random), pick(random));
      assertThat(number(one.next()))
          .as("seed %d", seed)
          .isEqualTo(number(one).add(BigInteger.ONE).and(all));
      assertThat(number(one.previous()))
          .as("seed %d", seed)
          .isEqualTo(number(one).subtract(BigInteger.ONE).and(all));
      assertThat(Integer.signum(one.compareTo(two)))
          .as("seed %d", seed)
          .isEqualTo(number(one).compareTo(number(two)));
    }
  }

  private static long pick(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      default -> random.nextLong();
    };
  }

  @Test
  void hostMasksCoverWhatIsBehindThePrefix() {
    for (int length = 0; length <= 128; length++) {
      assertThat(number(Bits.hostMask(length)))
          .isEqualTo(BigInteger.ONE.shiftLeft(128 - length).subtract(BigInteger.ONE));
    }
    assertThat(Bits.last(AddressFamily.IPV4).address(AddressFamily.IPV4))
        .isEqualTo(IpAddress.parse("255.255.255.255"));
    assertThat(Bits.last(AddressFamily.IPV4).text(AddressFamily.IPV4)).isEqualTo("255.255.255.255");
    assertThat(Bits.hostMask(80).text(AddressFamily.IPV6)).isEqualTo("0:0:0:0:0:ffff:ffff:ffff");
  }
}
