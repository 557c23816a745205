// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

  @Test
  void maskIsANumberOrDotted() {
    assertThat(Prefix.parse("192.0.2.0/24").orElseThrow().length()).isEqualTo(24);
    assertThat(Prefix.parse("192.0.2.0/255.255.255.128").orElseThrow().length()).isEqualTo(25);
    assertThat(Prefix.parse("192.0.2.0/0.0.0.0").orElseThrow().length()).isZero();
    assertThat(Prefix.parse("192.0.2.7").orElseThrow().length()).isEqualTo(32);
    assertThat(Prefix.parse("2001:db8::/ffff:ffff::").orElseThrow().length()).isEqualTo(32);
    assertThat(Prefix.parse("2001:db8::1").orElseThrow().length()).isEqualTo(128);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/24",
        "192.0.2.0/",
        "192.0.2.0/33",
        "192.0.2.0/-1",
        "192.0.2.0/255.0.255.0",
        "2001:db8::/129",
        "192.0.2.0/999999999999",
        "default",
        "192.0.2/24",
        "192.0.2.0/24/1"
      })
  void whatIsNoneIsEmpty(String text) {
    assertThat(Prefix.parse(text)).isEmpty();
  }

  @Test
  void coversIsTheSameAsComparingTheMaskedBits() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      int network = random.nextInt();
      int length = random.nextInt(33);
      int other = random.nextBoolean() ? random.nextInt() : network ^ 1 << random.nextInt(32);
      long mask = length == 0 ? 0 : 0xffff_ffffL << 32 - length;
      boolean expected = (network & mask) == (other & mask);
      assertThat(
              Prefix.parse(IpAddress.format(address(network)) + "/" + length)
                  .orElseThrow()
                  .covers(address(other)))
          .as("%08x/%d %08x", network, length, other)
          .isEqualTo(expected);
    }
  }

  private static InetAddress address(int bits) {
    return IpAddress.ofBytes(ByteBuffer.allocate(4).putInt(bits).array());
  }

  @Test
  void familiesDoNotMix() {
    assertThat(Prefix.parse("0.0.0.0/0").orElseThrow().covers(IpAddress.parse("::1"))).isFalse();
    assertThat(Prefix.parse("::/0").orElseThrow().covers(IpAddress.parse("192.0.2.1"))).isFalse();
  }
}
