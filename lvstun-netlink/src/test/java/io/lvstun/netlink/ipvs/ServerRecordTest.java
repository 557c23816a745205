// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.ServerKey;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.state.ServerState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers whose layout is known are read as if their attributes were walked over. */
class ServerRecordTest {

  private static final int HEADER = 20;

  private final Decoder decoder = new Decoder(new TunnelSupport("6.1"));

  private int servers;

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.1.txt", "linux-6.12.txt"})
  void everyServerThatKernelsReportedHasTheLayout(String file) throws IOException {
    RecordedAnswers.each(
        file,
        message -> {
          if (message.genericCommand() == Ipvs.IPVS_CMD_NEW_DEST) {
            servers++;
            assertThat(ServerRecord.isUsual(message)).isTrue();
            assertThat(decoder.server(message, AddressFamily.IPV4))
                .isEqualTo(decoder.unusualServer(message, AddressFamily.IPV4));
          }
        });
    assertThat(servers).isGreaterThanOrEqualTo(4);
  }

  @Test
  void aHeaderThatDiffersIsFoundOut() throws IOException {
    RecordedAnswers.each(
        "linux-6.1.txt",
        message -> {
          if (message.genericCommand() == Ipvs.IPVS_CMD_NEW_DEST && servers++ == 0) {
            byte[] bytes = new byte[message.messageLength()];
            for (int i = 0; i < bytes.length; i++) {
              bytes[i] = (byte) message.octet(i);
            }
            int differing = 0;
            for (int i = HEADER; i < bytes.length; i++) {
              bytes[i] ^= 1;
              MessageReader changed = new MessageReader();
              changed.reset(ByteBuffer.wrap(bytes), bytes.length);
              assertThat(changed.next()).isTrue();
              differing += ServerRecord.isUsual(changed) ? 0 : 1;
              bytes[i] ^= 1;
            }
            // 16 headers of attributes and 10 of figures, 4 bytes each.
            assertThat(differing).isEqualTo(4 * 26);
          }
        });
    assertThat(servers).isPositive();
  }

  @Test
  void aRecordOfAnotherLengthIsReadByItsAttributes() throws IOException {
    RecordedAnswers.each(
        "linux-6.1.txt",
        message -> {
          if (message.genericCommand() == Ipvs.IPVS_CMD_NEW_DEST && servers++ == 0) {
            byte[] bytes = new byte[4096];
            for (int i = 0; i < message.messageLength(); i++) {
              bytes[i] = (byte) message.octet(i);
            }
            byte[] rest = new byte[1024];
            MessageWriter writer = new MessageWriter(rest);
            writer.begin(message.type(), 0, 1);
            writer.genericHeader(Ipvs.IPVS_CMD_NEW_DEST, Ipvs.IPVS_GENL_VERSION);
            int nest = writer.beginNest(Ipvs.IPVS_CMD_ATTR_DEST);
            writer.putU16(Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY, 2);
            writer.putU32(Ipvs.IPVS_DEST_ATTR_WEIGHT, 77);
            writer.putBe32(Ipvs.IPVS_DEST_ATTR_ADDR, 0xc0000207, Ipvs.ADDRESS_BYTES);
            writer.endNest(nest);
            writer.end();
            int first = message.messageLength();
            System.arraycopy(rest, 0, bytes, first, writer.length());
            // The usual one again: it is looked at anew.
            System.arraycopy(bytes, 0, bytes, first + writer.length(), first);

            MessageReader reader = new MessageReader();
            reader.reset(ByteBuffer.wrap(bytes), 2 * first + writer.length());
            List<ServerState> read = new ArrayList<>();
            while (reader.next()) {
              read.add(decoder.server(reader, AddressFamily.IPV4));
            }
            assertThat(read).hasSize(3);
            assertThat(read.get(1).key()).isEqualTo(ServerKey.of("192.0.2.7", 0));
            assertThat(read.get(1).definition().weight()).isEqualTo(77);
            assertThat(read.get(2)).isEqualTo(read.get(0));
          }
        });
    assertThat(servers).isPositive();
  }
}
