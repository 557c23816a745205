// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.spi.FilterInstruction;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TunnelProberTest {

  /** Runs a filter on a packet as the kernel does. */
  private static boolean passes(List<FilterInstruction> program, ByteBuffer packet) {
    long a = 0;
    int x = 0;
    int at = 0;
    while (true) {
      FilterInstruction each = program.get(at++);
      int k = (int) each.operand();
      switch (each.code()) {
        case 0x30 -> a = packet.get(k) & 0xff;
        case 0x28 -> a = packet.getShort(k) & 0xffff;
        case 0x48 -> a = packet.getShort(x + k) & 0xffff;
        case 0xb1 -> x = (packet.get(k) & 0xf) * 4;
        case 0x74 -> a >>= k;
        case 0x05 -> at += k;
        case 0x15 -> at += a == k ? each.jumpTrue() : each.jumpFalse();
        case 0x35 -> at += a >= k ? each.jumpTrue() : each.jumpFalse();
        case 0x45 -> at += (a & k) != 0 ? each.jumpTrue() : each.jumpFalse();
        case 0x06 -> {
          return k != 0;
        }
        default -> throw new AssertionError(each);
      }
    }
  }

  private static ByteBuffer answer(String from, String to, int port) {
    TunnelPackets.Way way =
        new TunnelPackets.Way(
            IpAddress.parse("192.0.2.9"),
            IpAddress.parse("192.0.2.8"),
            Encapsulation.ipip(),
            IpAddress.parse(from),
            80,
            IpAddress.parse(to),
            port);
    ByteBuffer packet = TunnelPackets.segment(way, TunnelPackets.SYN, 1, 1400);
    return packet.position(20).slice();
  }

  @Test
  void filterLetsAnswersToProbesThroughAndNothingElse() {
    List<FilterInstruction> filter = TunnelProber.answers();
    for (String[] ends :
        new String[][] {{"192.0.2.1", "192.0.2.2"}, {"2001:db8::1", "2001:db8::2"}}) {
      assertThat(passes(filter, answer(ends[0], ends[1], TunnelProber.FIRST_PORT))).isTrue();
      assertThat(passes(filter, answer(ends[0], ends[1], TunnelProber.LAST_PORT))).isTrue();
      assertThat(passes(filter, answer(ends[0], ends[1], TunnelProber.FIRST_PORT - 1))).isFalse();
      assertThat(passes(filter, answer(ends[0], ends[1], 80))).isFalse();
    }
    ByteBuffer udp = answer("192.0.2.1", "192.0.2.2", 62000).put(9, (byte) 17);
    assertThat(passes(filter, udp)).isFalse();
    ByteBuffer fragment = answer("192.0.2.1", "192.0.2.2", 62000).putShort(6, (short) 1);
    assertThat(passes(filter, fragment)).isFalse();
    assertThat(passes(filter, ByteBuffer.allocate(60).put(0, (byte) 0x10))).isFalse();
  }
}
