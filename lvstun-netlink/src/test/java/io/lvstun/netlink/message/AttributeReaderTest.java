// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes that are whole, and such as are not. */
class AttributeReaderTest {

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
  void textIsReadByteByByte() {
    begin();
    writer.putBytes(1, "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    read();
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.string()).isEqualTo("caf\u00e9");
  }
}
