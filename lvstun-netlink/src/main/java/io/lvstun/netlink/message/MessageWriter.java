// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static io.lvstun.netlink.message.Netlink.NLA_F_NESTED;
import static io.lvstun.netlink.message.Netlink.NLA_HDRLEN;
import static io.lvstun.netlink.message.Netlink.NLMSG_HDRLEN;

import java.nio.BufferOverflowException;

/**
 * Writes consecutive netlink messages into an array, in native byte order. Allocates nothing. Not
 * thread-safe.
 *
 * <p>Writing beyond the array throws {@link BufferOverflowException}: callers see to it that {@link
 * #remaining()} suffices before they begin a message.
 */
public final class MessageWriter {

  private final byte[] bytes;
  private int position;
  private int start;

  /**
   * Makes a writer.
   *
   * @param bytes where to write, from 0 on
   */
  public MessageWriter(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Drops what was written. */
  public void clear() {
    position = 0;
    start = 0;
  }

  /**
   * Returns how much has been written.
   *
   * @return bytes
   */
  public int length() {
    return position;
  }

  /**
   * Returns how much more can be written.
   *
   * @return bytes
   */
  public int remaining() {
    return bytes.length - position;
  }

  /**
   * Begins a message.
   *
   * @param type message type
   * @param flags {@code NLM_F_*}
   * @param sequence number of the request
   */
  public void begin(int type, int flags, int sequence) {
    start = advance(NLMSG_HDRLEN);
    NativeOrder.putInts(bytes, start, 0, NativeOrder.shorts(type, flags));
    NativeOrder.putInts(bytes, start + 8, sequence, 0);
  }

  /**
   * Writes the header of generic netlink.
   *
   * @param command the family's command
   * @param version the family's version
   */
  public void genericHeader(int command, int version) {
    putRaw(command, version, 0, 0);
  }

  /** Ends the message that was begun last. */
  public void end() {
    NativeOrder.putInt(bytes, start, position - start);
  }

  /**
   * Adds flags to the message that was begun last.
   *
   * @param flags {@code NLM_F_*}
   */
  public void addFlags(int flags) {
    NativeOrder.putShort(bytes, start + 6, NativeOrder.shortAt(bytes, start + 6) | flags);
  }

  /** Takes back the message that was begun last. */
  public void withdraw() {
    position = start;
  }

  /**
   * Begins an attribute that holds attributes.
   *
   * @param type attribute type
   * @return what {@link #endNest} wants
   */
  public int beginNest(int type) {
    int at = advance(NLA_HDRLEN);
    NativeOrder.putInt(bytes, at, NativeOrder.shorts(0, type | NLA_F_NESTED));
    return at;
  }

  /**
   * Ends an attribute that holds attributes.
   *
   * @param nest what {@link #beginNest} returned
   */
  public void endNest(int nest) {
    NativeOrder.putShort(bytes, nest, position - nest);
  }

  /**
   * Writes an attribute of 1 byte.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putU8(int type, int value) {
    int at = advance(NLA_HDRLEN + 4);
    NativeOrder.putInts(bytes, at, header(type, 1), 0);
    bytes[at + NLA_HDRLEN] = (byte) value;
  }

  /**
   * Writes an attribute of 2 bytes in the machine's order.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putU16(int type, int value) {
    NativeOrder.putInts(
        bytes, advance(NLA_HDRLEN + 4), header(type, 2), NativeOrder.shorts(value, 0));
  }

  /**
   * Writes an attribute of 2 bytes in network order.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putBe16(int type, int value) {
    NativeOrder.putInts(bytes, advance(NLA_HDRLEN + 4), header(type, 2), networkOrder(value << 16));
  }

  /**
   * Writes an attribute of 4 bytes in the machine's order.
   *
   * @param type attribute type
   * @param value the value
   */
  public void putU32(int type, int value) {
    NativeOrder.putInts(bytes, advance(NLA_HDRLEN + 4), header(type, 4), value);
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
    int at = advance(NLA_HDRLEN + length);
    NativeOrder.putInts(bytes, at, header(type, length), networkOrder(value));
    for (int rest = at + NLA_HDRLEN + 4; rest < position; rest += 4) {
      NativeOrder.putInt(bytes, rest, 0);
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
    int at = advance(NLA_HDRLEN + 8);
    NativeOrder.putInt(bytes, at, header(type, 8));
    NativeOrder.putInts(bytes, at + NLA_HDRLEN, first, second);
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
    int at = advance(NLA_HDRLEN + Netlink.align(length));
    NativeOrder.putInt(bytes, at, header(type, length));
    System.arraycopy(value, 0, bytes, at + NLA_HDRLEN, value.length);
    zero(at + NLA_HDRLEN + value.length);
  }

  /**
   * Writes an attribute of ASCII text that ends with NUL.
   *
   * @param type attribute type
   * @param text the text
   */
  public void putString(int type, String text) {
    int length = text.length() + 1;
    int at = advance(NLA_HDRLEN + Netlink.align(length));
    NativeOrder.putInt(bytes, at, header(type, length));
    for (int i = 0; i < text.length(); i++) {
      bytes[at + NLA_HDRLEN + i] = (byte) text.charAt(i);
    }
    zero(at + NLA_HDRLEN + text.length());
  }

  /**
   * Writes zeros or a fixed header of a family that is not generic netlink, for example {@code
   * struct ifinfomsg}: 4 bytes in the machine's order.
   *
   * @param value the value
   */
  public void putRaw(int value) {
    NativeOrder.putInt(bytes, advance(4), value);
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
    putRaw(networkOrder(first << 24 | (second & 0xff) << 16 | (third & 0xff) << 8 | fourth & 0xff));
  }

  /**
   * Writes attributes once more that were copied by {@link #copy}.
   *
   * @param attributes the attributes
   * @param length how many bytes of them, a multiple of 4
   */
  public void putCopy(byte[] attributes, int length) {
    System.arraycopy(attributes, 0, bytes, advance(length), length);
  }

  /**
   * Copies what was written last.
   *
   * @param from where it begins: what {@link #length} returned before
   * @param into takes the bytes from there to the end
   * @return how many those are
   */
  public int copy(int from, byte[] into) {
    System.arraycopy(bytes, from, into, 0, position - from);
    return position - from;
  }

  /** Makes room at the end, and tells where. */
  private int advance(int length) {
    int at = position;
    if (length > bytes.length - at) {
      throw new BufferOverflowException();
    }
    position = at + length;
    return at;
  }

  /** Fills up to the end: the array has held other messages before. */
  private void zero(int from) {
    for (int at = from; at < position; at++) {
      bytes[at] = 0;
    }
  }

  private static int header(int type, int length) {
    return NativeOrder.shorts(NLA_HDRLEN + length, type);
  }

  private static int networkOrder(int value) {
    return NativeOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
  }
}
