// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static io.lvstun.netlink.message.Netlink.NLA_F_NESTED;
import static io.lvstun.netlink.message.Netlink.NLA_HDRLEN;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes netlink messages one behind the other into a buffer, in the machine's byte order. Makes no
 * objects. Not thread-safe.
 *
 * <p>Writing beyond the buffer throws {@link java.nio.BufferOverflowException}: callers see to it
 * that {@link #remaining()} suffices before they begin a message.
 */
public final class MessageWriter {

  private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  private final ByteBuffer buffer;
  private int start;

  /**
   * Makes a writer.
   *
   * @param buffer where to write, from 0 on; its position is where the messages end
   */
  public MessageWriter(ByteBuffer buffer) {
    this.buffer = buffer.order(ByteOrder.nativeOrder());
    clear();
  }

  /** Drops what was written. */
  public void clear() {
    buffer.clear();
    start = 0;
  }

  /**
   * Returns how much has been written.
   *
   * @return bytes
   */
  public int length() {
    return buffer.position();
  }

  /**
   * Returns how much more can be written.
   *
   * @return bytes
   */
  public int remaining() {
    return buffer.remaining();
  }

  /**
   * Begins a message.
   *
   * @param type message type
   * @param flags {@code NLM_F_*}
   * @param sequence number of the request
   */
  public void begin(int type, int flags, int sequence) {
    start = buffer.position();
    buffer.putInt(0).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0);
  }

  /**
   * Writes the header of generic netlink.
   *
   * @param command the family's command
   * @param version the family's version
   */
  public void genericHeader(int command, int version) {
    buffer.put((byte) command).put((byte) version).putShort((short) 0);
  }

  /** Ends the message that was begun last. */
  public void end() {
    buffer.putInt(start, buffer.position() - start);
  }

  /**
   * Adds flags to the message that was begun last.
   *
   * @param flags {@code NLM_F_*}
   */
  public void addFlags(int flags) {
    buffer.putShort(start + 6, (short) (buffer.getShort(start + 6) | flags));
  }

  /** Takes back the message that was begun last. */
  public void withdraw() {
    buffer.position(start);
  }

  /**
   * Begins an attribute that holds attributes.
   *
   * @param type attribute type
   * @return what {@link #endNest} wants
   */
  public int beginNest(int type) {
    int position = buffer.position();
    buffer.putShort((short) 0).putShort((short) (type | NLA_F_NESTED));
    return position;
  }

  /**
   * Ends an attribute that holds attributes.
   *
   * @param nest what {@link #beginNest} returned
   */
  public void endNest(int nest) {
    buffer.putShort(nest, (short) (buffer.position() - nest));
  }

  /**
   * Writes an attribute of 1 byte.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putU8(int type, int value) {
    header(type, 1);
    buffer.putInt(0);
    buffer.put(buffer.position() - 4, (byte) value);
  }

  /**
   * Writes an attribute of 2 bytes in the machine's order.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putU16(int type, int value) {
    header(type, 2);
    buffer.putShort((short) value).putShort((short) 0);
  }

  /**
   * Writes an attribute of 2 bytes in network order.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putBe16(int type, int value) {
    header(type, 2);
    buffer.put((byte) (value >>> 8)).put((byte) value).putShort((short) 0);
  }

  /**
   * Writes an attribute of 4 bytes in the machine's order.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putU32(int type, int value) {
    header(type, 4);
    buffer.putInt(value);
  }

  /**
   * Writes an attribute of 4 bytes in network order.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putBe32(int type, int value) {
    putBe32(type, value, 4);
  }

  /**
   * Writes an attribute of 4 bytes in network order, filled up with zeros.
   *
   * @param type attribute type
   * @param value the value
   * @param length how many bytes to write: a multiple of 4
   */
  public void putBe32(int type, int value, int length) {
    header(type, length);
    buffer.putInt(BIG_ENDIAN ? value : Integer.reverseBytes(value));
    for (int i = 4; i < length; i += 4) {
      buffer.putInt(0);
    }
  }

  /**
   * Writes an attribute of two numbers of 4 bytes in the machine's order.
   *
   * @param type attribute type
   * @param first the first number
   * @param second the second number
   */
  public void putU32Pair(int type, int first, int second) {
    header(type, 8);
    buffer.putInt(first).putInt(second);
  }

  /**
   * Writes an attribute of bytes.
   *
   * @param type attribute type
   * @param value the bytes
   */
  public void putBytes(int type, byte[] value) {
    putBytes(type, value, value.length);
  }

  /**
   * Writes an attribute of bytes, filled up with zeros.
   *
   * @param type attribute type
   * @param value the bytes
   * @param length how many bytes to write, at least those of the value
   */
  public void putBytes(int type, byte[] value, int length) {
    header(type, length);
    buffer.put(value);
    for (int i = value.length; i < Netlink.align(length); i++) {
      buffer.put((byte) 0);
    }
  }

  /**
   * Writes an attribute of ASCII text that ends with NUL.
   *
   * @param type attribute type
   * @param text the text
   */
  public void putString(int type, String text) {
    int length = text.length() + 1;
    header(type, length);
    for (int i = 0; i < text.length(); i++) {
      buffer.put((byte) text.charAt(i));
    }
    for (int i = length - 1; i < Netlink.align(length); i++) {
      buffer.put((byte) 0);
    }
  }

  /**
   * Writes zeros or a fixed header of a family that is not generic netlink, for example {@code
   * struct ifinfomsg}: 4 bytes in the machine's order.
   *
   * @param value the value
   */
  public void putRaw(int value) {
    buffer.putInt(value);
  }

  /**
   * Writes 4 bytes of a fixed header of a family that is not generic netlink, for example the
   * beginning of {@code struct rtmsg}.
   *
   * @param first the first byte
   * @param second the second
   * @param third the third
   * @param fourth the fourth
   */
  public void putRaw(int first, int second, int third, int fourth) {
    buffer.put((byte) first).put((byte) second).put((byte) third).put((byte) fourth);
  }

  private void header(int type, int length) {
    buffer.putShort((short) (NLA_HDRLEN + length)).putShort((short) type);
  }
}
