// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static io.lvstun.netlink.message.Netlink.NLMSG_HDRLEN;
import static io.lvstun.netlink.message.Netlink.NLM_F_ACK_TLVS;
import static io.lvstun.netlink.message.Netlink.NLM_F_CAPPED;

import io.lvstun.LvsException;
import io.lvstun.ProtocolException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * Iterates over the messages of a datagram. Allocates nothing once it has seen the longest one. Not
 * thread-safe.
 *
 * <p>Whatever the bytes, methods throw nothing but {@link ProtocolException}, and never read beyond
 * the datagram.
 */
public final class MessageReader {

  private byte[] bytes = {};
  private int length;
  private int start;
  private int end;

  /**
   * Begins a datagram, of which it keeps a copy.
   *
   * @param datagram the buffer that holds it, from 0 on
   * @param datagramLength its length
   * @throws ProtocolException if the buffer did not hold all of it
   */
  public void reset(ByteBuffer datagram, int datagramLength) {
    if (datagramLength > datagram.capacity()) {
      throw malformed(
          "datagram of " + datagramLength + " bytes exceeds " + datagram.capacity() + " bytes");
    }
    if (bytes.length < datagramLength) {
      bytes = new byte[datagram.capacity()];
    }
    datagram.clear().get(0, bytes, 0, datagramLength);
    length = datagramLength;
    start = 0;
    end = 0;
  }

  /**
   * Moves to the next message.
   *
   * @return false behind the last one
   * @throws ProtocolException if the message does not fit the datagram
   */
  public boolean next() {
    int at = Math.min(Netlink.align(end), length);
    if (at == length) {
      return false;
    }
    if (length - at < NLMSG_HDRLEN) {
      throw malformed(length - at + " bytes at " + at + " are too few for a message");
    }
    int size = NativeOrder.intAt(bytes, at);
    if (size < NLMSG_HDRLEN || size > length - at) {
      throw malformed(
          "message at "
              + at
              + " claims "
              + Integer.toUnsignedString(size)
              + " of "
              + (length - at)
              + " bytes");
    }
    start = at;
    end = at + size;
    return true;
  }

  /**
   * Tells whether the message is the first of its datagram.
   *
   * @return true if it is
   */
  public boolean isFirst() {
    return start == 0;
  }

  /**
   * Returns the length of the datagram.
   *
   * @return bytes
   */
  public int datagramLength() {
    return length;
  }

  /**
   * Returns the message's length.
   *
   * @return bytes, with its header
   */
  public int messageLength() {
    return end - start;
  }

  /**
   * Returns the message's type.
   *
   * @return 0 to 65535
   */
  public int type() {
    return NativeOrder.shortAt(bytes, start + 4);
  }

  /**
   * Returns the message's flags.
   *
   * @return {@code NLM_F_*}
   */
  public int flags() {
    return NativeOrder.shortAt(bytes, start + 6);
  }

  /**
   * Returns the number of the request that the message answers.
   *
   * @return any 32 bits
   */
  public int sequence() {
    return NativeOrder.intAt(bytes, start + 8);
  }

  /**
   * Returns the port id of the socket that the message answers.
   *
   * @return any 32 bits
   */
  public int portId() {
    return NativeOrder.intAt(bytes, start + 12);
  }

  /**
   * Returns the error number of an {@code NLMSG_ERROR} or {@code NLMSG_DONE}.
   *
   * @return positive; 0 for an acknowledgement
   * @throws ProtocolException if the message is too short, or the number is not one
   */
  public int errno() {
    if (end - start < NLMSG_HDRLEN + 4) {
      if (type() == Netlink.NLMSG_DONE) {
        return 0;
      }
      throw malformed("error message of " + (end - start) + " bytes has no number");
    }
    int number = -NativeOrder.intAt(bytes, start + NLMSG_HDRLEN);
    // Dumps of some families end with a count.
    if (number < 0 && type() == Netlink.NLMSG_DONE) {
      return 0;
    }
    if (number < 0 || number > 4095) {
      throw malformed("error number " + number + " is out of range");
    }
    return number;
  }

  /**
   * Reads the text that came with an {@code NLMSG_ERROR}.
   *
   * @param attributes a reader to use
   * @return the kernel's text, empty if there is none
   * @throws ProtocolException if the message is malformed
   */
  public String errorText(AttributeReader attributes) {
    int flags = flags();
    int at = start + NLMSG_HDRLEN + 4;
    if ((flags & NLM_F_ACK_TLVS) == 0 || end - at < NLMSG_HDRLEN) {
      return "";
    }
    int requestLength = (flags & NLM_F_CAPPED) != 0 ? NLMSG_HDRLEN : NativeOrder.intAt(bytes, at);
    if (requestLength < NLMSG_HDRLEN || requestLength > end - at) {
      throw malformed("error message repeats a request of " + requestLength + " bytes");
    }
    int from = Math.min(at + Netlink.align(requestLength), end);
    for (attributes.reset(bytes, from, end); attributes.next(); ) {
      if (attributes.type() == Netlink.NLMSGERR_ATTR_MSG) {
        return attributes.string();
      }
    }
    return "";
  }

  /**
   * Returns the command in the header of generic netlink.
   *
   * @return 0 to 255
   * @throws ProtocolException if the message is too short
   */
  public int genericCommand() {
    if (end - start < NLMSG_HDRLEN + 4) {
      throw malformed("message of " + (end - start) + " bytes has no generic header");
    }
    return bytes[start + NLMSG_HDRLEN] & 0xff;
  }

  /**
   * Reads a number from the family's header.
   *
   * @param offset where in the message, behind its own header
   * @return 4 bytes in the machine's order
   * @throws ProtocolException if the message is too short
   */
  public int headerInt(int offset) {
    int at = start + NLMSG_HDRLEN + offset;
    if (end - at < 4) {
      throw malformed("message of " + (end - start) + " bytes is too short for its header");
    }
    return NativeOrder.intAt(bytes, at);
  }

  /**
   * Reads a byte from the family's header.
   *
   * @param offset where in the message, behind its own header
   * @return 0 to 255
   * @throws ProtocolException if the message is too short
   */
  public int headerByte(int offset) {
    int at = start + NLMSG_HDRLEN + offset;
    if (end - at < 1) {
      throw malformed("message of " + (end - start) + " bytes is too short for its header");
    }
    return bytes[at] & 0xff;
  }

  /**
   * Reads a byte from anywhere in the message. The caller has made sure that it is in it, by {@link
   * #messageLength()}.
   *
   * @param offset where in the message, from the start of its header
   * @return 0 to 255
   */
  public int octet(int offset) {
    return bytes[start + offset] & 0xff;
  }

  /**
   * Reads 4 bytes from anywhere in the message. The caller has made sure that they are in it, by
   * {@link #messageLength()}.
   *
   * @param offset where in the message, from the start of its header
   * @return in the machine's order
   */
  public int word(int offset) {
    return NativeOrder.intAt(bytes, start + offset);
  }

  /**
   * Reads 8 bytes from anywhere in the message. The caller has made sure that they are in it, by
   * {@link #messageLength()}.
   *
   * @param offset where in the message, from the start of its header
   * @return in the machine's order
   */
  public long twoWords(int offset) {
    return NativeOrder.longAt(bytes, start + offset);
  }

  /**
   * Begins the message's attributes.
   *
   * @param headerLength bytes of the family's header, which comes before them: 4 for generic
   *     netlink
   * @param attributes the reader to set
   * @throws ProtocolException if the message is too short
   */
  public void attributes(int headerLength, AttributeReader attributes) {
    int from = start + NLMSG_HDRLEN + Netlink.align(headerLength);
    if (from > end) {
      throw malformed("message of " + (end - start) + " bytes is too short for its header");
    }
    attributes.reset(bytes, from, end);
  }

  /**
   * Makes the exception for an answer that makes no sense.
   *
   * @param reason what is wrong with it, a clause
   * @return the exception
   */
  public static ProtocolException malformed(String reason) {
    return new ProtocolException(
        new LvsException.Failure(
            "read the kernel's answer", "", "netlink", reason, OptionalInt.empty(), ""));
  }
}
