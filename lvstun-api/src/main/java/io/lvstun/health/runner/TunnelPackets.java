// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.Encapsulation;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Makes TCP segments as a director sends them into tunnels: IPv4 or IPv6 inside, ipip, GUE or GRE
 * over IPv4 or IPv6 outside (RFC 2003, 2473, 2784; GUE as Linux's {@code fou}).
 */
final class TunnelPackets {

  static final int SYN = 0x02;
  static final int RST = 0x04;

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int GRE = 47;
  private static final int IPIP = 4;
  private static final int IPV6 = 41;
  private static final int TTL = 64;
  private static final int GUE_SOURCE = 0xc000;

  private TunnelPackets() {}

  /**
   * A segment that travels through a tunnel.
   *
   * @param outerSource this host's address towards the real server
   * @param server the real server's address
   * @param encapsulation what it is wrapped in
   * @param source the sender inside
   * @param sourcePort the sender's port inside
   * @param virtualAddress the receiver inside
   * @param port the receiver's port inside
   */
  record Way(
      InetAddress outerSource,
      InetAddress server,
      Encapsulation encapsulation,
      InetAddress source,
      int sourcePort,
      InetAddress virtualAddress,
      int port) {}

  /**
   * Makes a segment, from the outer IP header on.
   *
   * @param flags {@link #SYN} or {@link #RST}
   * @param sequence the sequence number
   * @param mss the MSS that a SYN announces
   */
  static ByteBuffer segment(Way way, int flags, int sequence, int mss) {
    byte[] tcp = tcp(way, flags, sequence, mss);
    byte[] inner = ip(way.source(), way.virtualAddress(), TCP, tcp);
    boolean four = way.virtualAddress() instanceof Inet4Address;
    return ByteBuffer.wrap(
        switch (way.encapsulation().type()) {
          case Encapsulation.TYPE_GUE ->
              ip(way.outerSource(), way.server(), UDP, gue(way, four, inner));
          case Encapsulation.TYPE_GRE ->
              ip(
                  way.outerSource(),
                  way.server(),
                  GRE,
                  gre(
                      four,
                      (way.encapsulation().flags() & Encapsulation.FLAG_CHECKSUM) != 0,
                      inner));
          default -> ip(way.outerSource(), way.server(), four ? IPIP : IPV6, inner);
        });
  }

  private static byte[] tcp(Way way, int flags, int sequence, int mss) {
    boolean syn = (flags & SYN) != 0;
    ByteBuffer segment = ByteBuffer.allocate(syn ? 24 : 20);
    segment.putShort((short) way.sourcePort()).putShort((short) way.port());
    segment.putInt(sequence).putInt(0);
    segment.put((byte) (syn ? 0x60 : 0x50)).put((byte) flags).putShort((short) 64240).putInt(0);
    if (syn) {
      segment.put((byte) 2).put((byte) 4).putShort((short) mss);
    }
    byte[] bytes = segment.array();
    int checksum = checksum(pseudo(way.source(), way.virtualAddress(), TCP, bytes.length), bytes);
    segment.putShort(16, (short) checksum);
    return bytes;
  }

  private static byte[] gue(Way way, boolean four, byte[] inner) {
    ByteBuffer packet = ByteBuffer.allocate(12 + inner.length);
    // Spread over receiving queues as the kernel does: by the flow inside.
    packet.putShort((short) (GUE_SOURCE | way.sourcePort() & 0x3fff));
    packet.putShort((short) way.encapsulation().port());
    packet.putShort((short) packet.capacity()).putShort((short) 0);
    packet.put((byte) 0).put((byte) (four ? IPIP : IPV6)).putShort((short) 0).put(inner);
    byte[] bytes = packet.array();
    int checksum = checksum(pseudo(way.outerSource(), way.server(), UDP, bytes.length), bytes);
    packet.putShort(6, (short) (checksum == 0 ? 0xffff : checksum));
    return bytes;
  }

  private static byte[] gre(boolean four, boolean sum, byte[] inner) {
    ByteBuffer packet = ByteBuffer.allocate((sum ? 8 : 4) + inner.length);
    packet.putShort((short) (sum ? 0x8000 : 0)).putShort((short) (four ? 0x0800 : 0x86dd));
    if (sum) {
      packet.putInt(0);
    }
    packet.put(inner);
    if (sum) {
      packet.putShort(4, (short) checksum(0, packet.array()));
    }
    return packet.array();
  }

  private static byte[] ip(InetAddress source, InetAddress destination, int protocol, byte[] data) {
    boolean four = destination instanceof Inet4Address;
    ByteBuffer packet = ByteBuffer.allocate((four ? 20 : 40) + data.length);
    if (four) {
      packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
      packet.putInt(0).put((byte) TTL).put((byte) protocol).putShort((short) 0);
    } else {
      packet.putInt(0x60000000).putShort((short) data.length);
      packet.put((byte) protocol).put((byte) TTL);
    }
    packet.put(source.getAddress()).put(destination.getAddress());
    if (four) {
      byte[] header = new byte[20];
      packet.get(0, header);
      packet.putShort(10, (short) checksum(0, header));
    }
    packet.put(data);
    return packet.array();
  }

  private static long pseudo(InetAddress source, InetAddress target, int protocol, int length) {
    return sum(source.getAddress()) + sum(target.getAddress()) + protocol + length;
  }

  private static int checksum(long start, byte[] bytes) {
    long sum = start + sum(bytes);
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (int) (~sum & 0xffff);
  }

  private static long sum(byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (i % 2 == 0) ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
    }
    return sum;
  }

  /**
   * An answer that came.
   *
   * @param from who sent it
   * @param fromPort its port
   * @param toPort the port that it came to
   * @param flags its flags
   * @param acknowledged the number that it acknowledges
   */
  record Answer(InetAddress from, int fromPort, int toPort, int flags, int acknowledged) {}

  /** Reads a packet from the IP header on; null if it is no whole TCP header over IP. */
  static @org.jspecify.annotations.Nullable Answer answer(ByteBuffer packet) {
    int at = packet.position();
    int length = packet.remaining();
    if (length < 40) {
      return null;
    }
    boolean four = (packet.get(at) & 0xf0) == 0x40;
    int header = four ? (packet.get(at) & 0xf) * 4 : 40;
    int protocol = packet.get(at + (four ? 9 : 6)) & 0xff;
    if (protocol != TCP || length < header + 20) {
      return null;
    }
    byte[] source = new byte[four ? 4 : 16];
    packet.get(at + (four ? 12 : 8), source);
    int tcp = at + header;
    return new Answer(
        io.lvstun.IpAddress.ofBytes(source),
        packet.getShort(tcp) & 0xffff,
        packet.getShort(tcp + 2) & 0xffff,
        packet.get(tcp + 13) & 0xff,
        packet.getInt(tcp + 8));
  }
}
