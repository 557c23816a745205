// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is written is read again as it was. */
class MessageWriterTest {

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
  void copiedAttributesAreWrittenAgainAsTheyWere() {
    begin();
    writer.putU32(1, 7);
    int from = writer.length();
    int nest = writer.beginNest(2);
    writer.putString(3, "wlc");
    writer.putBe32(4, 0x0a000001, 16);
    writer.endNest(nest);
    byte[] copy = new byte[64];
    int length = writer.copy(from, copy);
    writer.end();
    int end = writer.length();
    assertThat(length).isEqualTo(end - from);

    writer.putCopy(copy, length);
    byte[] written = buffer.array();
    assertThat(Arrays.copyOfRange(written, end, writer.length()))
        .isEqualTo(Arrays.copyOfRange(written, from, end));
    assertThatThrownBy(() -> writer.putCopy(new byte[512], 512))
        .isInstanceOf(BufferOverflowException.class);
  }
}
