// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WirePacketTest {

  /** 10.0.0.100:47224 > 192.168.1.200:80, SYN. */
  private static final String SYN =
      "4500 0028 0000 4000 4006 0000 0a00 0064 c0a8 01c8"
          + " b878 0050 2f4a 0000 0000 0000 5002 faf0 0000 0000";

  private static final String OUTER = "4500 0000 0000 4000 40%s 0000 c0a8 0164 c0a8 0265 ";

  @Test
  void readsAddressesAndPorts() {
    WirePacket packet = WirePacket.of(WirePacket.bytes(SYN));
    assertThat(packet).hasToString("10.0.0.100:47224 > 192.168.1.200:80 protocol 6");
    assertThat(packet.isSyn()).isTrue();
    assertThat(packet.inner(6080)).isEmpty();
  }

  @Test
  void looksIntoIpInIp() {
    WirePacket packet = WirePacket.of(WirePacket.bytes(OUTER.formatted("04") + SYN));
    assertThat(packet).hasToString("192.168.1.100:0 > 192.168.2.101:0 protocol 4");
    assertThat(packet.inner(6080).orElseThrow().source()).isEqualTo("10.0.0.100");
  }

  @Test
  void looksIntoGre() {
    WirePacket plain = WirePacket.of(WirePacket.bytes(OUTER.formatted("2f") + "0000 0800 " + SYN));
    assertThat(plain.greChecksum()).isFalse();
    assertThat(plain.inner(0).orElseThrow().targetPort()).isEqualTo(80);
    WirePacket summed =
        WirePacket.of(WirePacket.bytes(OUTER.formatted("2f") + "8000 0800 1234 0000 " + SYN));
    assertThat(summed.greChecksum()).isTrue();
    assertThat(summed.inner(0).orElseThrow().targetPort()).isEqualTo(80);
  }

  @Test
  void looksIntoGue() {
    String udp = "9c40 17c0 0040 0000 ";
    WirePacket plain =
        WirePacket.of(WirePacket.bytes(OUTER.formatted("11") + udp + "0004 0000 " + SYN));
    assertThat(plain.udpChecksum()).isZero();
    assertThat(plain.gueOptions()).isZero();
    assertThat(plain.inner(6080).orElseThrow().target()).isEqualTo("192.168.1.200");
    assertThat(plain.inner(6081)).isEmpty();
    WirePacket offloaded =
        WirePacket.of(
            WirePacket.bytes(OUTER.formatted("11") + udp + "0204 0001 8000 0000 0014 0024 " + SYN));
    assertThat(offloaded.gueOptions()).isEqualTo(8);
    assertThat(offloaded.inner(6080).orElseThrow().target()).isEqualTo("192.168.1.200");
  }

  @Test
  void looksIntoIpv6() {
    String outer =
        "6000 0000 0000 0440 fd00 0192 0168 0001 0000 0000 0000 0100"
            + " fd00 0192 0168 0002 0000 0000 0000 0101 ";
    WirePacket packet = WirePacket.of(WirePacket.bytes(outer + SYN));
    assertThat(packet.source()).isEqualTo("fd00:192:168:1::100");
    assertThat(packet.target()).isEqualTo("fd00:192:168:2::101");
    assertThat(packet.inner(0).orElseThrow().targetPort()).isEqualTo(80);
  }

  @Test
  void refusesWhatIsNoIp() {
    assertThatThrownBy(() -> WirePacket.of(WirePacket.bytes("1234 5678")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
