// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import io.lvstun.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * An IP packet as it was on the wire, with what a tunnel carries inside. Knows IPv4 and IPv6, TCP
 * and UDP ports, IP in IP (RFC 2003, 2473, 4213), GRE (RFC 2784) and GUE (draft-ietf-intarea-gue).
 */
final class WirePacket {

  static final int IPIP = 4;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int IPV6_IN_IP = 41;
  static final int GRE = 47;
  static final int SCTP = 132;

  private final ByteBuffer packet;
  private final int payload;
  private final int protocol;

  private WirePacket(byte[] bytes) {
    packet = ByteBuffer.wrap(bytes);
    int version = bytes[0] >> 4 & 15;
    if (version == 4) {
      payload = (bytes[0] & 15) * 4;
      protocol = unsignedByte(9);
    } else if (version == 6) {
      payload = 40;
      protocol = unsignedByte(6);
    } else {
      throw new IllegalArgumentException("not an IP packet: version " + version);
    }
  }

  static WirePacket of(byte[] bytes) {
    return new WirePacket(bytes);
  }

  /** Reads a line of a hexadecimal dump such as {@code 4500 003c 1c46 4000}. */
  static byte[] bytes(String hex) {
    String digits = hex.replace(" ", "");
    byte[] bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
    }
    return bytes;
  }

  private int unsignedByte(int at) {
    return packet.get(at) & 0xff;
  }

  private int unsignedShort(int at) {
    return packet.getShort(at) & 0xffff;
  }

  private String address(int at, int length) {
    byte[] bytes = Arrays.copyOfRange(packet.array(), at, at + length);
    return IpAddress.format(IpAddress.ofBytes(bytes));
  }

  private boolean isIpv4() {
    return packet.get(0) >> 4 == 4;
  }

  String source() {
    return isIpv4() ? address(12, 4) : address(8, 16);
  }

  String target() {
    return isIpv4() ? address(16, 4) : address(24, 16);
  }

  int protocol() {
    return protocol;
  }

  /** The port of TCP, UDP or SCTP; 0 for other protocols. */
  int sourcePort() {
    return hasPorts() ? unsignedShort(payload) : 0;
  }

  /** The port of TCP, UDP or SCTP; 0 for other protocols. */
  int targetPort() {
    return hasPorts() ? unsignedShort(payload + 2) : 0;
  }

  private boolean hasPorts() {
    return protocol == TCP || protocol == UDP || protocol == SCTP;
  }

  /** The checksum of a UDP packet; 0 means that there is none. */
  int udpChecksum() {
    return unsignedShort(payload + 6);
  }

  /** Whether a GRE packet has a checksum. */
  boolean greChecksum() {
    return (unsignedByte(payload) & 0x80) != 0;
  }

  /** How many bytes of options a GUE header has: 8 with remote checksum offload. */
  int gueOptions() {
    return (unsignedByte(payload + 8) & 31) * 4;
  }

  boolean isSyn() {
    return protocol == TCP && (unsignedByte(payload + 13) & 0x12) == 0x02;
  }

  /** The packet inside this one, if this one is of a tunnel. */
  Optional<WirePacket> inner(int guePort) {
    if (protocol == IPIP || protocol == IPV6_IN_IP) {
      return Optional.of(from(payload));
    } else if (protocol == GRE) {
      return Optional.of(from(payload + (greChecksum() ? 8 : 4)));
    } else if (protocol == UDP && targetPort() == guePort) {
      return Optional.of(from(payload + 12 + gueOptions()));
    }
    return Optional.empty();
  }

  private WirePacket from(int at) {
    return new WirePacket(Arrays.copyOfRange(packet.array(), at, packet.limit()));
  }

  @Override
  public String toString() {
    return source()
        + ":"
        + sourcePort()
        + " > "
        + target()
        + ":"
        + targetPort()
        + " protocol "
        + protocol;
  }
}
