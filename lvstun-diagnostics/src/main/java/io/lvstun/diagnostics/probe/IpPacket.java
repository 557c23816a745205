// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The header of an IPv4 or IPv6 packet, and where its content is. Made of bytes that anybody may
 * have sent: what is cut off or makes no sense gives no packet, never an exception.
 *
 * @param bytes what the packet is in, of which it may be a part only
 * @param version 4 or 6
 * @param protocol of the content, after IPv6 extension headers
 * @param start where the content begins
 * @param end where what is there of the content ends
 * @param length of the whole packet in bytes, as it says itself
 * @param fragmentOffset in bytes; 0 for the first fragment and for whole packets
 * @param moreFragments whether others follow
 * @since 0.1.0
 */
public record IpPacket(
    ByteBuffer bytes,
    int version,
    InetAddress source,
    InetAddress destination,
    int protocol,
    int start,
    int end,
    int length,
    int fragmentOffset,
    boolean moreFragments) {

  /** Protocol number of ICMP. */
  public static final int ICMP = 1;

  /** Protocol number of IPv4 in IP. */
  public static final int IPIP = 4;

  /** Protocol number of TCP. */
  public static final int TCP = 6;

  /** Protocol number of UDP. */
  public static final int UDP = 17;

  /** Protocol number of IPv6 in IP. */
  public static final int IPV6 = 41;

  /** Protocol number of GRE. */
  public static final int GRE = 47;

  /** Protocol number of ICMPv6. */
  public static final int ICMPV6 = 58;

  /** Protocol number of SCTP. */
  public static final int SCTP = 132;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int MOST_EXTENSIONS = 8;

  /** Reads the packet that begins at an offset and ends at the buffer's limit, or before. */
  public static Optional<IpPacket> at(ByteBuffer bytes, int offset) {
    if (offset < 0 || bytes.limit() - offset < 20) {
      return Optional.empty();
    }
    return switch (bytes.get(offset) >> 4 & 15) {
      case 4 -> ipv4(bytes, offset);
      case 6 -> ipv6(bytes, offset);
      default -> Optional.empty();
    };
  }

  private static Optional<IpPacket> ipv4(ByteBuffer bytes, int at) {
    int header = (bytes.get(at) & 15) * 4;
    int total = unsignedShort(bytes, at + 2);
    int available = bytes.limit() - at;
    // With segmentation offload the length may be 0: what is there counts.
    int length = total == 0 ? available : total;
    if (header < 20 || header > available || length < header) {
      return Optional.empty();
    }
    int fragment = unsignedShort(bytes, at + 6);
    return Optional.of(
        new IpPacket(
            bytes,
            4,
            address(bytes, at + 12, 4),
            address(bytes, at + 16, 4),
            bytes.get(at + 9) & 0xff,
            at + header,
            at + Math.min(length, available),
            length,
            (fragment & 0x1fff) * 8,
            (fragment & 0x2000) != 0));
  }

  private static Optional<IpPacket> ipv6(ByteBuffer bytes, int at) {
    int available = bytes.limit() - at;
    if (available < 40) {
      return Optional.empty();
    }
    int payload = unsignedShort(bytes, at + 4);
    int length = payload == 0 ? available : payload + 40;
    int end = at + Math.min(length, available);
    int protocol = bytes.get(at + 6) & 0xff;
    int start = at + 40;
    int fragmentOffset = 0;
    boolean moreFragments = false;
    for (int i = 0; i < MOST_EXTENSIONS; i++) {
      boolean extension =
          protocol == HOP_BY_HOP || protocol == ROUTING || protocol == DESTINATION_OPTIONS;
      if (!extension && protocol != FRAGMENT || end - start < 8 || fragmentOffset > 0) {
        break;
      }
      int size = extension ? (bytes.get(start + 1) & 0xff) * 8 + 8 : 8;
      if (protocol == FRAGMENT) {
        int fragment = unsignedShort(bytes, start + 2);
        fragmentOffset = fragment & 0xfff8;
        moreFragments = (fragment & 1) != 0;
      }
      if (size > end - start) {
        break;
      }
      protocol = bytes.get(start) & 0xff;
      start += size;
    }
    return Optional.of(
        new IpPacket(
            bytes,
            6,
            address(bytes, at + 8, 16),
            address(bytes, at + 24, 16),
            protocol,
            start,
            end,
            length,
            fragmentOffset,
            moreFragments));
  }

  private static InetAddress address(ByteBuffer bytes, int at, int length) {
    byte[] raw = new byte[length];
    bytes.get(at, raw);
    return IpAddress.ofBytes(raw);
  }

  private static int unsignedShort(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xffff;
  }

  /** Bytes of the content that are there. */
  public int available() {
    return end - start;
  }

  /** A byte of the content; it must be there. */
  public int unsignedByte(int at) {
    return bytes.get(start + at) & 0xff;
  }

  /** Two bytes of the content; they must be there. */
  public int unsignedShort(int at) {
    return unsignedShort(bytes, start + at);
  }

  /** Four bytes of the content; they must be there. */
  long unsignedInt(int at) {
    return bytes.getInt(start + at) & 0xffff_ffffL;
  }

  /** Whether the content begins with the transport's header. */
  public boolean first() {
    return fragmentOffset == 0;
  }

  boolean hasPorts() {
    return first() && available() >= 4 && (protocol == TCP || protocol == UDP || protocol == SCTP);
  }

  /** Returns the source port. */
  public int sourcePort() {
    return hasPorts() ? unsignedShort(0) : 0;
  }

  /** Returns the destination port. */
  public int destinationPort() {
    return hasPorts() ? unsignedShort(2) : 0;
  }

  /** The flags of TCP, or 0. */
  public int flags() {
    return protocol == TCP && first() && available() >= 14 ? unsignedByte(13) : 0;
  }

  /** The packet that begins within the content. */
  public Optional<IpPacket> within(int at) {
    // What lies beyond this packet's end is not part of the one within.
    ByteBuffer part = bytes.duplicate().limit(end);
    return at > available() ? Optional.empty() : at(part, start + at);
  }
}
