// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TunnelPacketsTest {

  private static TunnelPackets.Way way(String rip, Encapsulation encapsulation, String vip) {
    boolean four = vip.indexOf(':') < 0;
    return new TunnelPackets.Way(
        IpAddress.parse(rip.indexOf(':') < 0 ? "192.0.2.1" : "2001:db8::1"),
        IpAddress.parse(rip),
        encapsulation,
        IpAddress.parse(four ? "192.0.2.1" : "2001:db8::1"),
        61000,
        IpAddress.parse(vip),
        80);
  }

  private static int sum(ByteBuffer packet, int from, int to, int start) {
    int sum = start;
    for (int i = from; i < to; i += 2) {
      sum += (packet.get(i) & 0xff) << 8 | (i + 1 < to ? packet.get(i + 1) & 0xff : 0);
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
  }

  @Test
  void ipipIsBuiltByteByByte() {
    ByteBuffer packet =
        TunnelPackets.segment(
            way("192.0.2.2", Encapsulation.ipip(), "198.51.100.1"), TunnelPackets.SYN, 1, 1400);
    String hex = HexFormat.of().formatHex(packet.array());
    assertThat(hex)
        .startsWith("450000400000000040")
        .contains("c0000201c0000202" + "4500002c00000000")
        .contains("c0000201c6336401" + "ee480050" + "00000001" + "00000000" + "6002faf0")
        .endsWith("02040578");
    assertThat(sum(packet, 0, 20, 0)).isEqualTo(0xffff);
    assertThat(sum(packet, 20, 40, 0)).isEqualTo(0xffff);
    assertThat(sum(packet, 40, 64, sum(packet, 32, 40, 6 + 24))).isEqualTo(0xffff);
  }

  @Test
  void everyFormCarriesTheSameSegment() {
    for (String rip : List.of("192.0.2.2", "2001:db8::2")) {
      for (String vip : List.of("198.51.100.1", "2001:db8:1::1")) {
        int outer = rip.indexOf(':') < 0 ? 20 : 40;
        int inner = (vip.indexOf(':') < 0 ? 20 : 40) + 20;
        int protocol = vip.indexOf(':') < 0 ? 4 : 41;
        ByteBuffer ipip =
            TunnelPackets.segment(way(rip, Encapsulation.ipip(), vip), TunnelPackets.RST, 2, 0);
        assertThat(ipip.capacity()).isEqualTo(outer + inner);
        assertThat(ipip.get(outer == 20 ? 9 : 6)).isEqualTo((byte) protocol);
        ByteBuffer gre =
            TunnelPackets.segment(way(rip, Encapsulation.gre(), vip), TunnelPackets.RST, 2, 0);
        assertThat(gre.capacity()).isEqualTo(outer + 4 + inner);
        assertThat(gre.getShort(outer + 2) & 0xffff).isEqualTo(protocol == 4 ? 0x0800 : 0x86dd);
        ByteBuffer sum =
            TunnelPackets.segment(
                way(rip, Encapsulation.gre().checksum(), vip), TunnelPackets.RST, 2, 0);
        assertThat(sum(sum, outer, sum.capacity(), 0)).isEqualTo(0xffff);
        ByteBuffer gue =
            TunnelPackets.segment(way(rip, Encapsulation.gue(6080), vip), TunnelPackets.RST, 2, 0);
        assertThat(gue.getShort(outer + 2)).isEqualTo((short) 6080);
        assertThat(gue.get(outer + 9)).isEqualTo((byte) protocol);
        byte[] tail = new byte[inner];
        gue.get(outer + 12, tail);
        byte[] plain = new byte[inner];
        ipip.get(outer, plain);
        assertThat(tail).isEqualTo(plain);
      }
    }
  }

  @Test
  void answersAreReadAndGarbageIsNot() {
    ByteBuffer packet =
        TunnelPackets.segment(
            way("192.0.2.2", Encapsulation.ipip(), "198.51.100.1"), TunnelPackets.RST, 7, 0);
    TunnelPackets.Answer answer = TunnelPackets.answer(packet.position(20).slice());
    assertThat(answer)
        .isEqualTo(
            new TunnelPackets.Answer(
                IpAddress.parse("192.0.2.1"), 61000, 80, TunnelPackets.RST, 0));
    assertThat(TunnelPackets.answer(ByteBuffer.allocate(40))).isNull();
    assertThat(TunnelPackets.answer(ByteBuffer.allocate(10))).isNull();
    ByteBuffer lies = ByteBuffer.allocate(40).put(0, (byte) 0x4f).put(9, (byte) 6);
    assertThat(TunnelPackets.answer(lies)).isNull();
  }
}
