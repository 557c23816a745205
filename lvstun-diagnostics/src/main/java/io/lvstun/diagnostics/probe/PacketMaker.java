// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.Encapsulation;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Makes packets from the IP header on, with their checksums: RFC 791, 792, 4443, 8200, 9293.
 *
 * @since 0.1.0
 */
public final class PacketMaker {

  private static final int HOPS = 64;
  private static final int SYN = 0x02;
  private static final int RST = 0x04;

  private PacketMaker() {}

  /** A packet with any content. */
  public static byte[] ip(
      InetAddress source, InetAddress destination, int protocol, byte[] content) {
    if (source instanceof Inet4Address) {
      ByteBuffer packet = ByteBuffer.allocate(20 + content.length);
      packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
      packet.putShort((short) 0).putShort((short) 0);
      packet.put((byte) HOPS).put((byte) protocol).putShort((short) 0);
      packet.put(source.getAddress()).put(destination.getAddress());
      packet.putShort(10, checksum(sum(packet.array(), 0, 20)));
      return packet.put(content).array();
    }
    return ByteBuffer.allocate(40 + content.length)
        .putInt(0x60000000)
        .putShort((short) content.length)
        .put((byte) protocol)
        .put((byte) HOPS)
        .put(source.getAddress())
        .put(destination.getAddress())
        .put(content)
        .array();
  }

  /** An echo request. */
  public static byte[] echo(
      InetAddress source, InetAddress destination, int identifier, int sequence, byte[] data) {
    boolean four = source instanceof Inet4Address;
    ByteBuffer message = ByteBuffer.allocate(8 + data.length);
    message.put((byte) (four ? 8 : 128)).put((byte) 0).putShort((short) 0);
    message.putShort((short) identifier).putShort((short) sequence).put(data);
    byte[] bytes = message.array();
    int protocol = four ? IpPacket.ICMP : IpPacket.ICMPV6;
    long pseudo = four ? 0 : pseudoHeader(source, destination, protocol, bytes.length);
    message.putShort(2, checksum(pseudo + sum(bytes, 0, bytes.length)));
    return ip(source, destination, protocol, bytes);
  }

  /** The first packet of a TCP connection. */
  public static byte[] syn(
      InetAddress source, int sourcePort, InetAddress destination, int port, int sequence) {
    return tcp(source, sourcePort, destination, port, sequence, SYN);
  }

  /** What ends a TCP connection at once. */
  static byte[] reset(
      InetAddress source, int sourcePort, InetAddress destination, int port, int sequence) {
    return tcp(source, sourcePort, destination, port, sequence, RST);
  }

  private static byte[] tcp(
      InetAddress source,
      int sourcePort,
      InetAddress destination,
      int port,
      int sequence,
      int flags) {
    ByteBuffer segment = ByteBuffer.allocate(20);
    segment.putShort((short) sourcePort).putShort((short) port).putInt(sequence).putInt(0);
    segment.put((byte) 0x50).put((byte) flags).putShort((short) 1024);
    byte[] bytes = segment.array();
    segment.putShort(
        16,
        checksum(
            pseudoHeader(source, destination, IpPacket.TCP, bytes.length)
                + sum(bytes, 0, bytes.length)));
    return ip(source, destination, IpPacket.TCP, bytes);
  }

  /** Puts a packet into a tunnel's packet, as the director's kernel does. */
  public static byte[] encapsulate(
      Encapsulation kind, InetAddress source, InetAddress destination, byte[] inner, int flow) {
    int protocol = inner[0] >> 4 == 4 ? IpPacket.IPIP : IpPacket.IPV6;
    return switch (kind.type()) {
      case Encapsulation.TYPE_GUE -> {
        ByteBuffer udp = ByteBuffer.allocate(12 + inner.length);
        // The source port is the flow's, from the range of ephemeral ports.
        udp.putShort((short) (49152 + (flow & 0x3fff))).putShort((short) kind.port());
        udp.putShort((short) udp.capacity()).putShort((short) 0);
        udp.put((byte) 0).put((byte) protocol).putShort((short) 0).put(inner);
        byte[] bytes = udp.array();
        short sum =
            checksum(
                pseudoHeader(source, destination, IpPacket.UDP, bytes.length)
                    + sum(bytes, 0, bytes.length));
        // Zero would mean that there is none.
        udp.putShort(6, sum == 0 ? (short) 0xffff : sum);
        yield ip(source, destination, IpPacket.UDP, bytes);
      }
      case Encapsulation.TYPE_GRE -> {
        boolean sum = kind.flags() == Encapsulation.FLAG_CHECKSUM;
        ByteBuffer gre = ByteBuffer.allocate((sum ? 8 : 4) + inner.length);
        gre.putShort((short) (sum ? 0x8000 : 0));
        gre.putShort((short) (protocol == IpPacket.IPIP ? 0x0800 : 0x86dd));
        if (sum) {
          gre.putInt(0);
        }
        byte[] bytes = gre.put(inner).array();
        if (sum) {
          gre.putShort(4, checksum(sum(bytes, 0, bytes.length)));
        }
        yield ip(source, destination, IpPacket.GRE, bytes);
      }
      default -> ip(source, destination, protocol, inner);
    };
  }

  private static long pseudoHeader(
      InetAddress source, InetAddress destination, int protocol, int length) {
    byte[] from = source.getAddress();
    byte[] to = destination.getAddress();
    return sum(from, 0, from.length) + sum(to, 0, to.length) + protocol + length;
  }

  private static long sum(byte[] bytes, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i += 2) {
      sum += (bytes[i] & 0xff) << 8 | (i + 1 < to ? bytes[i + 1] & 0xff : 0);
    }
    return sum;
  }

  private static short checksum(long sum) {
    long folded = sum;
    while (folded >> 16 != 0) {
      folded = (folded & 0xffff) + (folded >> 16);
    }
    return (short) ~folded;
  }
}
