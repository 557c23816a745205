// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvstun.ProtocolException;
import java.nio.ByteBuffer;

/** Any bytes for an answer: a value or a {@link ProtocolException}, nothing else, and an end. */
class DecoderFuzzTest {

  /** The first byte chooses what is expected, the rest is the datagram. */
  @FuzzTest
  void anyDatagramIsReadOrRefused(byte[] input) {
    if (input.length == 0) {
      return;
    }
    ByteBuffer datagram = ByteBuffer.allocate(input.length - 1);
    datagram.put(0, input, 1, input.length - 1);
    Decoder decoder = new Decoder(new TunnelSupport("6.1"));
    try {
      int unused =
          CodecPropertyTest.Answers.decode(
              datagram, datagram.capacity(), decoder, (input[0] & 0xff) % 5);
    } catch (ProtocolException expected) {
      // The one exception that callers are told of.
    }
  }
}
