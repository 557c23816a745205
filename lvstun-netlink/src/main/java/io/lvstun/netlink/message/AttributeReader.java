// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static io.lvstun.netlink.message.MessageReader.malformed;
import static io.lvstun.netlink.message.Netlink.NLA_HDRLEN;
import static io.lvstun.netlink.message.Netlink.NLA_TYPE_MASK;

import io.lvstun.ProtocolException;

/**
 * Iterates over attributes in place. Allocates nothing, except in {@link #string()} and {@link
 * #bytes()}. Not thread-safe.
 *
 * <p>Whatever the bytes, methods throw nothing but {@link ProtocolException}, and never read beyond
 * the attribute. Attributes within attributes are read with another reader: how deep is up to the
 * caller, never to the sender.
 */
public final class AttributeReader {

  private byte[] bytes = {};
  private int limit;
  private int start;
  private int end;

  /**
   * Begins a run of attributes.
   *
   * @param source what holds them
   * @param from where they begin
   * @param to where they end
   */
  void reset(byte[] source, int from, int to) {
    bytes = source;
    limit = to;
    start = from;
    end = from;
  }

  /**
   * Moves to the next attribute.
   *
   * @return false behind the last one
   * @throws ProtocolException if the attribute does not fit
   */
  public boolean next() {
    int at = Math.min(Netlink.align(end), limit);
    if (at == limit) {
      return false;
    }
    if (limit - at < NLA_HDRLEN) {
      throw malformed(limit - at + " bytes at " + at + " are too few for an attribute");
    }
    int size = NativeOrder.shortAt(bytes, at);
    if (size < NLA_HDRLEN || size > limit - at) {
      throw malformed("attribute at " + at + " claims " + size + " of " + (limit - at) + " bytes");
    }
    start = at;
    end = at + size;
    return true;
  }

  /**
   * Returns the attribute's type.
   *
   * @return 0 to 16383
   */
  public int type() {
    return NativeOrder.shortAt(bytes, start + 2) & NLA_TYPE_MASK;
  }

  /**
   * Returns the length of the attribute's value.
   *
   * @return bytes
   */
  public int length() {
    return end - start - NLA_HDRLEN;
  }

  /**
   * Returns a value of 1 byte.
   *
   * @return 0 to 255
   * @throws ProtocolException if it has another length
   */
  public int u8() {
    requireLength(1);
    return bytes[start + NLA_HDRLEN] & 0xff;
  }

  /**
   * Returns a value of 2 bytes in the machine's order.
   *
   * @return 0 to 65535
   * @throws ProtocolException if it has another length
   */
  public int u16() {
    requireLength(2);
    return NativeOrder.shortAt(bytes, start + NLA_HDRLEN);
  }

  /**
   * Returns a value of 2 bytes in network order.
   *
   * @return 0 to 65535
   * @throws ProtocolException if it has another length
   */
  public int be16() {
    requireLength(2);
    return (bytes[start + NLA_HDRLEN] & 0xff) << 8 | bytes[start + NLA_HDRLEN + 1] & 0xff;
  }

  /**
   * Returns a value of 4 bytes in the machine's order.
   *
   * @return any 32 bits
   * @throws ProtocolException if it has another length
   */
  public int u32() {
    requireLength(4);
    return NativeOrder.intAt(bytes, start + NLA_HDRLEN);
  }

  /**
   * Returns a value of 4 bytes in network order.
   *
   * @return any 32 bits
   * @throws ProtocolException if it has another length
   */
  public int be32() {
    requireLength(4);
    return be32At(0);
  }

  /**
   * Returns a value of 8 bytes in the machine's order.
   *
   * @return any 64 bits
   * @throws ProtocolException if it has another length
   */
  public long u64() {
    requireLength(8);
    return NativeOrder.longAt(bytes, start + NLA_HDRLEN);
  }

  /**
   * Returns 4 bytes of a longer value, in network order.
   *
   * @param offset where in the value
   * @return any 32 bits
   * @throws ProtocolException if the value does not reach as far
   */
  public int be32(int offset) {
    if (length() < offset + 4) {
      throw malformed("attribute " + type() + " at " + start + " has only " + length() + " bytes");
    }
    return be32At(offset);
  }

  private int be32At(int offset) {
    int word = NativeOrder.intAt(bytes, start + NLA_HDRLEN + offset);
    return NativeOrder.BIG_ENDIAN ? word : Integer.reverseBytes(word);
  }

  /**
   * Tells whether a value is a text, which may end with NUL.
   *
   * @param text ASCII
   * @return true if it is this text
   */
  public boolean is(String text) {
    int length = text.length();
    if (length() < length || length() > length && byteAt(length) != 0) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (byteAt(i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns a value of text, up to its NUL.
   *
   * @return ISO 8859-1
   */
  public String string() {
    int length = 0;
    while (length < length() && byteAt(length) != 0) {
      length++;
    }
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) (byteAt(i) & 0xff));
    }
    return text.toString();
  }

  /**
   * Returns a value of bytes.
   *
   * @return a copy
   */
  public byte[] bytes() {
    byte[] copy = new byte[length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = byteAt(i);
    }
    return copy;
  }

  /**
   * Begins the attributes that the value holds.
   *
   * @param inner the reader to set, not this one
   */
  public void nested(AttributeReader inner) {
    inner.reset(bytes, start + NLA_HDRLEN, end);
  }

  private byte byteAt(int offset) {
    return bytes[start + NLA_HDRLEN + offset];
  }

  private void requireLength(int wanted) {
    if (length() != wanted) {
      throw malformed(
          "attribute "
              + type()
              + " at "
              + start
              + " has "
              + length()
              + " bytes instead of "
              + wanted);
    }
  }
}
