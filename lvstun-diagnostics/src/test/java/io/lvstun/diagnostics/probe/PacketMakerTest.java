// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PacketMakerTest {

  private static final InetAddress A = IpAddress.parse("192.0.2.1");
  private static final InetAddress B = IpAddress.parse("192.0.2.2");
  private static final InetAddress A6 = IpAddress.parse("2001:db8::1");
  private static final InetAddress B6 = IpAddress.parse("2001:db8::2");

  private static int sum(ByteBuffer bytes, int from, int to, long pseudo) {
    long sum = pseudo;
    for (int i = from; i < to; i += 2) {
      sum += (bytes.get(i) & 0xff) << 8 | (i + 1 < to ? bytes.get(i + 1) & 0xff : 0);
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (int) sum;
  }

  private static long pseudo(IpPacket packet) {
    ByteBuffer both =
        ByteBuffer.wrap(packet.source().getAddress().length == 4 ? new byte[8] : new byte[32]);
    both.put(packet.source().getAddress()).put(packet.destination().getAddress());
    return sum(both, 0, both.capacity(), 0) + packet.protocol() + packet.available();
  }

  private static IpPacket read(byte[] bytes) {
    return IpPacket.at(ByteBuffer.wrap(bytes), 0).orElseThrow();
  }

  /** What is summed with its checksum comes to all ones: RFC 1071. */
  @Test
  void checksumsHoldForContentOfAnyLength() {
    Random random = new Random(3);
    for (int length = 0; length < 200; length++) {
      byte[] data = new byte[length];
      random.nextBytes(data);
      byte[] four = PacketMaker.echo(A, B, random.nextInt(1 << 16), length, data);
      IpPacket packet = read(four);
      assertThat(sum(packet.bytes(), 0, 20, 0)).isEqualTo(0xffff);
      assertThat(sum(packet.bytes(), packet.start(), packet.end(), 0)).isEqualTo(0xffff);
      IpPacket six = read(PacketMaker.echo(A6, B6, random.nextInt(1 << 16), length, data));
      assertThat(sum(six.bytes(), six.start(), six.end(), pseudo(six))).isEqualTo(0xffff);
      IpPacket gue =
          read(PacketMaker.encapsulate(Encapsulation.gue(6080), A, B, four, random.nextInt()));
      assertThat(sum(gue.bytes(), gue.start(), gue.end(), pseudo(gue))).isEqualTo(0xffff);
      IpPacket gre = read(PacketMaker.encapsulate(Encapsulation.gre().checksum(), A6, B6, four, 1));
      assertThat(sum(gre.bytes(), gre.start(), gre.end(), 0)).isEqualTo(0xffff);
    }
  }

  @Test
  void connectionsBeginAndEnd() {
    IpPacket syn = read(PacketMaker.syn(A, 20000, B, 80, 7));
    assertThat(syn.flags()).isEqualTo(2);
    assertThat(syn.sourcePort()).isEqualTo(20000);
    assertThat(syn.destinationPort()).isEqualTo(80);
    assertThat(syn.unsignedInt(4)).isEqualTo(7);
    assertThat(sum(syn.bytes(), syn.start(), syn.end(), pseudo(syn))).isEqualTo(0xffff);
    assertThat(read(PacketMaker.reset(A6, 20000, B6, 80, -1)).flags()).isEqualTo(4);
  }

  @Test
  void flowIsInTheSourcePortOfGue() {
    byte[] inner = PacketMaker.syn(A, 1, B, 80, 1);
    Set<Integer> ports = new HashSet<>();
    for (int flow = -50; flow < 50; flow++) {
      IpPacket packet = read(PacketMaker.encapsulate(Encapsulation.gue(6080), A, B, inner, flow));
      assertThat(packet.destinationPort()).isEqualTo(6080);
      assertThat(packet.sourcePort()).isBetween(49152, 65535);
      ports.add(packet.sourcePort());
    }
    assertThat(ports).hasSize(100);
  }

  @Test
  void innerFamilyDecidesTheProtocol() {
    byte[] four = PacketMaker.syn(A, 1, B, 80, 1);
    byte[] six = PacketMaker.syn(A6, 1, B6, 80, 1);
    assertThat(read(PacketMaker.encapsulate(Encapsulation.ipip(), A, B, four, 1)).protocol())
        .isEqualTo(4);
    assertThat(read(PacketMaker.encapsulate(Encapsulation.ipip(), A, B, six, 1)).protocol())
        .isEqualTo(41);
    assertThat(read(PacketMaker.encapsulate(Encapsulation.ipip(), A6, B6, six, 1)).within(0))
        .hasValueSatisfying(packet -> assertThat(packet.destination()).isEqualTo(B6));
  }
}
