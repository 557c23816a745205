// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are whole, and such as are not. */
class MessageReaderTest {

  private final ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

  private final MessageWriter writer = new MessageWriter(buffer.array());
  private final MessageReader reader = new MessageReader();

  private final AttributeReader attributes = new AttributeReader();

  private void begin() {
    writer.begin(28, Netlink.NLM_F_REQUEST, 77);
    writer.genericHeader(4, 1);
  }

  private void read() {
    writer.end();
    reader.reset(buffer, writer.length());
    assertThat(reader.next()).isTrue();
    reader.attributes(4, attributes);
  }

  @Test
  void headerIsReadAsItWasWritten() {
    begin();
    writer.addFlags(Netlink.NLM_F_ACK);
    read();
    assertThat(reader.type()).isEqualTo(28);
    assertThat(reader.flags()).isEqualTo(Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK);
    assertThat(reader.sequence()).isEqualTo(77);
    assertThat(reader.portId()).isZero();
    assertThat(reader.genericCommand()).isEqualTo(4);
    assertThat(reader.messageLength()).isEqualTo(20);
    assertThat(reader.next()).isFalse();
  }

  @Test
  void datagramThatWasCutOffIsRefused() {
    assertThatThrownBy(() -> reader.reset(ByteBuffer.allocate(64), 65))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("datagram of 65 bytes exceeds 64 bytes");
  }

  @Test
  void emptyDatagramHasNoMessages() {
    reader.reset(ByteBuffer.allocate(0), 0);
    assertThat(reader.next()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 15, 21, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void messageWithAnImpossibleLengthIsRefused(int length) {
    begin();
    writer.end();
    buffer.putInt(0, length);
    reader.reset(buffer, 20);
    assertThatThrownBy(reader::next)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("of 20 bytes");
  }

  @Test
  void messageWithoutAWholeHeaderIsRefused() {
    begin();
    writer.end();
    reader.reset(buffer, 15);
    assertThatThrownBy(reader::next).isInstanceOf(ProtocolException.class);
  }

  @Test
  void messageShorterThanItsFamilysHeaderIsRefused() {
    writer.begin(28, 0, 1);
    writer.end();
    reader.reset(buffer, 16);
    assertThat(reader.next()).isTrue();
    assertThatThrownBy(() -> reader.attributes(4, attributes))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(reader::genericCommand).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> reader.headerInt(0)).isInstanceOf(ProtocolException.class);
  }

  private void error(int number, int flags, int requestLength, String text) {
    writer.clear();
    writer.begin(Netlink.NLMSG_ERROR, flags, 1);
    writer.putRaw(number);
    boolean capped = number == 0 || (flags & Netlink.NLM_F_CAPPED) != 0;
    for (int i = 0; i < (capped ? 16 : Math.max(16, requestLength)) / 4; i++) {
      writer.putRaw(i == 0 ? requestLength : 0);
    }
    if (!text.isEmpty()) {
      writer.putU32(2, 20);
      writer.putString(Netlink.NLMSGERR_ATTR_MSG, text);
    }
    writer.end();
    reader.reset(buffer, writer.length());
    assertThat(reader.next()).isTrue();
  }

  @Test
  void errorsHaveNumberAndText() {
    error(-22, Netlink.NLM_F_CAPPED | Netlink.NLM_F_ACK_TLVS, 400, "");
    assertThat(reader.errno()).isEqualTo(22);
    assertThat(reader.errorText(attributes)).isEmpty();

    error(-22, Netlink.NLM_F_ACK_TLVS, 36, "Attribute failed policy validation");
    assertThat(reader.errorText(attributes)).isEqualTo("Attribute failed policy validation");

    error(-1, Netlink.NLM_F_CAPPED | Netlink.NLM_F_ACK_TLVS, 16, "no");
    assertThat(reader.errorText(attributes)).isEqualTo("no");

    error(0, Netlink.NLM_F_CAPPED, 36, "");
    assertThat(reader.errno()).isZero();
    assertThat(reader.errorText(attributes)).isEmpty();
  }

  @Test
  void errorThatRepeatsMoreThanItHoldsIsRefused() {
    for (int claimed : new int[] {4000, 3}) {
      error(-22, Netlink.NLM_F_ACK_TLVS, 16, "x");
      buffer.putInt(20, claimed);
      reader.reset(buffer, writer.length());
      assertThat(reader.next()).isTrue();
      assertThatThrownBy(() -> reader.errorText(attributes)).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void errorWithAnImpossibleNumberIsRefused() {
    for (int number : new int[] {1, 22, -4096, Integer.MIN_VALUE}) {
      error(number, 0, 16, "");
      assertThatThrownBy(reader::errno).isInstanceOf(ProtocolException.class);
    }
    writer.clear();
    writer.begin(Netlink.NLMSG_ERROR, 0, 1);
    writer.end();
    reader.reset(buffer, 16);
    assertThat(reader.next()).isTrue();
    assertThatThrownBy(reader::errno).hasMessageContaining("has no number");
  }

  @Test
  void endOfADumpMayHaveNoNumberOrACount() {
    writer.begin(Netlink.NLMSG_DONE, 0, 1);
    writer.end();
    reader.reset(buffer, 16);
    assertThat(reader.next()).isTrue();
    assertThat(reader.errno()).isZero();
    writer.clear();
    writer.begin(Netlink.NLMSG_DONE, 0, 1);
    writer.putRaw(12);
    writer.end();
    reader.reset(buffer, 20);
    assertThat(reader.next()).isTrue();
    assertThat(reader.errno()).isZero();
  }
}
