// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.Encapsulation;
import io.lvstun.diagnostics.probe.PacketMaker;
import io.lvstun.spi.CapturedPacket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Captures are written and read. */
class PcapTest {

  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.123456Z");
  private static final byte[] PACKET =
      PacketMaker.encapsulate(
          Encapsulation.ipip(),
          TunnelPacketTest.DIRECTOR,
          TunnelPacketTest.SERVER,
          PacketMaker.syn(TunnelPacketTest.CLIENT, 40000, TunnelPacketTest.VIP, 80, 7),
          1);

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void whatIsWrittenIsRead() {
    CapturedPacket packet = new CapturedPacket(TIME, 2, true, false, 3000, ByteBuffer.wrap(PACKET));
    List<CapturedPacket> read =
        Pcap.read(join(Pcap.fileHeader(), Pcap.record(packet), Pcap.record(packet)));
    assertThat(read).hasSize(2);
    assertThat(read.get(1).time()).isEqualTo(TIME);
    assertThat(read.get(1).length()).isEqualTo(3000);
    assertThat(read.get(1).bytes()).isEqualTo(ByteBuffer.wrap(PACKET));
  }

  /** Link types of tcpdump, the length of their headers, and how they tell direction and device. */
  @ParameterizedTest
  @CsvSource({
    "1,   000000000000000000000000 0800,                         false, 0, LITTLE",
    "1,   000000000000000000000000 8100000a 0800,                 false, 0, BIG",
    "101, '',                                                     false, 0, LITTLE",
    "113, 0004 0001 0006 0000000000000000 0800,                   true,  0, LITTLE",
    "113, 0000 0304 0006 0000000000000000 0800,                   false, 0, BIG",
    "276, 0800 0000 00000007 0001 04 06 0000000000000000,         true,  7, LITTLE",
  })
  void linkHeadersAreTakenOff(int link, String header, boolean outgoing, int device, String order) {
    byte[] frame = join(java.util.HexFormat.of().parseHex(header.replace(" ", "")), PACKET);
    ByteBuffer file =
        ByteBuffer.allocate(40 + frame.length)
            .order(order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    file.putInt(0xa1b23c4d).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    file.putInt(65535).putInt(link);
    file.putInt((int) TIME.getEpochSecond()).putInt(TIME.getNano());
    file.putInt(frame.length).putInt(frame.length).put(frame);
    List<CapturedPacket> read = Pcap.read(file.array());
    assertThat(read).hasSize(1);
    assertThat(read.get(0).time()).isEqualTo(TIME);
    assertThat(read.get(0).outgoing()).isEqualTo(outgoing);
    assertThat(read.get(0).device()).isEqualTo(device);
    assertThat(read.get(0).loopback()).isEqualTo(header.contains("0304"));
    assertThat(TunnelPacket.of(read.get(0), "", Set.of())).isPresent();
  }

  @Test
  void whatIsNoCaptureIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Pcap.read(new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> Pcap.read(new byte[100]));
    byte[] strange = Pcap.fileHeader();
    strange[20] = 99;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pcap.read(strange))
        .withMessageContaining("99");
  }

  @Test
  void captureThatIsCutOffGivesWhatIsThere() {
    CapturedPacket packet =
        new CapturedPacket(TIME, 2, true, false, PACKET.length, ByteBuffer.wrap(PACKET));
    byte[] file = join(Pcap.fileHeader(), Pcap.record(packet), Pcap.record(packet));
    Random random = new Random(1);
    for (int length = 24; length < file.length; length++) {
      assertThat(Pcap.read(Arrays.copyOf(file, length))).hasSizeBetween(0, 1);
      byte[] damaged = file.clone();
      damaged[24 + random.nextInt(file.length - 24)] = (byte) random.nextInt();
      assertThat(Pcap.read(damaged)).hasSizeLessThanOrEqualTo(2);
    }
  }
}
