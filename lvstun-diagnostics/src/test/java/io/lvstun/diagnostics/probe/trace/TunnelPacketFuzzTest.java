// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe.trace;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvstun.spi.CapturedPacket;
import java.util.List;
import java.util.Set;

/** Any bytes for a packet, or for a capture: a value, or the one exception that is told of. */
class TunnelPacketFuzzTest {

  @FuzzTest
  void anyPacketIsReadOrNot(byte[] input) {
    String unused =
        TunnelPacket.of(TunnelPacketTest.captured(input), "", Set.of(6080))
            .map(TunnelPacket::toString)
            .orElse("");
  }

  @FuzzTest
  void anyCaptureIsReadOrRefused(byte[] input) {
    try {
      List<CapturedPacket> packets = Pcap.read(input);
      packets.forEach(packet -> TunnelPacket.of(packet, "", Set.of(6080)));
    } catch (IllegalArgumentException expected) {
      // What is not a capture, says so.
    }
  }
}
