// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IpPacketTest {

  private static final InetAddress A6 = IpAddress.parse("2001:db8::1");
  private static final InetAddress B6 = IpAddress.parse("2001:db8::2");

  private static Optional<IpPacket> read(byte... bytes) {
    return IpPacket.at(ByteBuffer.wrap(bytes), 0);
  }

  /** An IPv6 packet with extension headers, each of them 8 bytes, before a SYN. */
  private static byte[] extended(int... headers) {
    byte[] syn = PacketMaker.syn(A6, 7, B6, 80, 1);
    ByteBuffer content = ByteBuffer.allocate(headers.length * 8 + 20);
    for (int i = 0; i < headers.length; i++) {
      content.put((byte) (i + 1 < headers.length ? headers[i + 1] : 6)).put(new byte[7]);
    }
    content.put(syn, 40, 20);
    return PacketMaker.ip(A6, B6, headers.length == 0 ? 6 : headers[0], content.array());
  }

  @Test
  void extensionHeadersAreStepped() {
    for (int[] headers : new int[][] {{}, {0}, {0, 60, 43}, {44}, {0, 44, 60}}) {
      IpPacket packet = read(extended(headers)).orElseThrow();
      assertThat(packet.protocol()).as(Arrays.toString(headers)).isEqualTo(6);
      assertThat(packet.destinationPort()).isEqualTo(80);
    }
    assertThat(read(extended(0, 0, 0, 0, 0, 0, 0, 0, 0)).orElseThrow().protocol())
        .as("more than anybody sends")
        .isZero();
  }

  @Test
  void laterFragmentsHaveNoPorts() {
    byte[] bytes = extended(44);
    bytes[42] = 1;
    IpPacket packet = read(bytes).orElseThrow();
    assertThat(packet.first()).isFalse();
    assertThat(packet.fragmentOffset()).isEqualTo(256);
    assertThat(packet.destinationPort()).isZero();
    assertThat(packet.flags()).isZero();
  }

  @Test
  void whatIsNoPacketIsNone() {
    assertThat(read()).isEmpty();
    assertThat(read(new byte[19])).isEmpty();
    assertThat(read(new byte[60])).isEmpty();
    byte[] shortHeader = new byte[40];
    shortHeader[0] = 0x44;
    assertThat(read(shortHeader)).isEmpty();
    shortHeader[0] = 0x4f;
    assertThat(read(shortHeader)).isEmpty();
    byte[] six = new byte[39];
    six[0] = 0x60;
    assertThat(read(six)).isEmpty();
    assertThat(IpPacket.at(ByteBuffer.wrap(new byte[60]), -1)).isEmpty();
  }

  @Test
  void randomBytesNeverThrow() {
    Random random = new Random(5);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) (random.nextBoolean() ? 0x45 + random.nextInt(3) : 0x60);
      }
      Optional<IpPacket> packet = read(bytes);
      packet.ifPresent(
          each -> {
            assertThat(each.start()).isLessThanOrEqualTo(Math.max(each.end(), bytes.length));
            assertThat(each.end()).isLessThanOrEqualTo(bytes.length);
            assertThat(each.destinationPort() + each.sourcePort() + each.flags()).isNotNegative();
            for (int at = 0; at < 10; at++) {
              assertThat(each.within(at).map(IpPacket::end).orElse(0))
                  .isLessThanOrEqualTo(each.end());
            }
          });
    }
  }
}
