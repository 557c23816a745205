// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.ProtocolException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

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
  void everyKindOfAttributeIsReadAsItWasWritten() {
    begin();
    writer.putU8(1, 200);
    writer.putU16(2, 60_000);
    writer.putBe16(3, 0x1234);
    writer.putU32(4, -5);
    writer.putBe32(5, 0x0a000001);
    writer.putBe32(6, 0x0a000002, 16);
    writer.putU32Pair(7, 8, 9);
    writer.putBytes(8, new byte[] {1, 2, 3}, 6);
    writer.putString(9, "wlc");
    int nest = writer.beginNest(10);
    writer.putU8(1, 1);
    writer.endNest(nest);
    read();

    assertThat(attributes.next()).isTrue();
    assertThat(attributes.u8()).isEqualTo(200);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.u16()).isEqualTo(60_000);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.be16()).isEqualTo(0x1234);
    assertThat(attributes.bytes()).containsExactly(0x12, 0x34);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.u32()).isEqualTo(-5);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.be32()).isEqualTo(0x0a000001);
    assertThat(attributes.bytes()).containsExactly(10, 0, 0, 1);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.length()).isEqualTo(16);
    assertThat(attributes.be32(0)).isEqualTo(0x0a000002);
    assertThat(attributes.be32(12)).isZero();
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.u64())
        .isEqualTo(
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 9L << 32 | 8 : 8L << 32 | 9);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.bytes()).containsExactly(1, 2, 3, 0, 0, 0);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.type()).isEqualTo(9);
    assertThat(attributes.string()).isEqualTo("wlc");
    assertThat(attributes.is("wlc")).isTrue();
    assertThat(attributes.is("wl")).isFalse();
    assertThat(attributes.is("wlcx")).isFalse();
    assertThat(attributes.is("rrr")).isFalse();
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.type()).isEqualTo(10);
    AttributeReader inner = new AttributeReader();
    attributes.nested(inner);
    assertThat(inner.next()).isTrue();
    assertThat(inner.u8()).isEqualTo(1);
    assertThat(inner.next()).isFalse();
    assertThat(attributes.next()).isFalse();
  }

  @Test
  void paddingIsZeroWhateverWasThereBefore() {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, (byte) 0xff);
    }
    begin();
    writer.putU8(1, 255);
    writer.putU16(2, 0xffff);
    writer.putString(3, "ab");
    writer.putBytes(4, new byte[] {-1});
    writer.end();
    assertThat(buffer.get(25)).isZero();
    assertThat(buffer.get(35)).isZero();
    assertThat(buffer.get(43)).isZero();
    assertThat(buffer.get(49)).isZero();
    assertThat(buffer.get(51)).isZero();
    assertThat(writer.length()).isEqualTo(52);
  }

  @Test
  void severalMessagesStandBehindEachOther() {
    for (int i = 0; i < 3; i++) {
      writer.begin(28, 1, i);
      writer.genericHeader(i, 1);
      writer.putString(1, "x".repeat(i));
      writer.end();
    }
    writer.begin(28, 1, 99);
    writer.withdraw();
    reader.reset(buffer, writer.length());
    for (int i = 0; i < 3; i++) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.sequence()).isEqualTo(i);
    }
    assertThat(reader.next()).isFalse();
  }

  @Test
  void writingBeyondTheBufferThrows() {
    begin();
    assertThatThrownBy(() -> writer.putBytes(1, new byte[512]))
        .isInstanceOf(BufferOverflowException.class);
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

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 9, 0xffff})
  void attributeWithAnImpossibleLengthIsRefused(int length) {
    begin();
    writer.putU32(1, 7);
    buffer.putShort(20, (short) length);
    read();
    assertThatThrownBy(attributes::next).isInstanceOf(ProtocolException.class);
  }

  @Test
  void attributeWithoutAWholeHeaderIsRefused() {
    begin();
    writer.putU32(1, 7);
    writer.end();
    buffer.putInt(0, 23);
    reader.reset(buffer, 23);
    assertThat(reader.next()).isTrue();
    reader.attributes(4, attributes);
    assertThatThrownBy(attributes::next).isInstanceOf(ProtocolException.class);
  }

  @Test
  void attributeWithoutItsPaddingAtTheEndIsRead() {
    begin();
    writer.putU8(1, 7);
    writer.end();
    buffer.putInt(0, 25);
    reader.reset(buffer, 25);
    assertThat(reader.next()).isTrue();
    reader.attributes(4, attributes);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.u8()).isEqualTo(7);
    assertThat(attributes.next()).isFalse();
    assertThat(reader.next()).isFalse();
  }

  @Test
  void valueOfAnotherLengthIsRefused() {
    begin();
    writer.putU32(1, 7);
    read();
    assertThat(attributes.next()).isTrue();
    assertThatThrownBy(attributes::u8).hasMessageContaining("has 4 bytes instead of 1");
    assertThatThrownBy(attributes::u16).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(attributes::be16).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(attributes::u64).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> attributes.be32(1)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void nestedAttributesDoNotReachBeyondTheirs() {
    begin();
    int nest = writer.beginNest(1);
    writer.putU32(1, 7);
    writer.endNest(nest);
    writer.putU32(2, 8);
    // The inner attribute claims the outer one that follows.
    buffer.putShort(24, (short) 16);
    read();
    assertThat(attributes.next()).isTrue();
    AttributeReader inner = new AttributeReader();
    attributes.nested(inner);
    assertThatThrownBy(inner::next).isInstanceOf(ProtocolException.class);
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

  // -- errors -------------------------------------------------------------------------------------

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

  @Test
  void textIsReadByteByByte() {
    begin();
    writer.putBytes(1, "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    read();
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.string()).isEqualTo("caf\u00e9");
  }
}
