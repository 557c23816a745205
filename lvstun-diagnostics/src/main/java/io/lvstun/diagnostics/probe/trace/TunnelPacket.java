// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe.trace;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.probe.IpPacket;
import io.lvstun.spi.CapturedPacket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A packet of a tunnel, as it was seen on a host.
 *
 * @param time when it passed
 * @param device the device it passed; empty if that is not known
 * @param outgoing whether it was on its way out
 * @param kind which tunnel: {@code ipip}, {@code sit} (IPv6 in IPv4), {@code ipip6} (IPv4 in IPv6),
 *     {@code ip6ip6}, {@code gue} or {@code gre}
 * @param source the outer source
 * @param destination the outer destination
 * @param inner the packet inside; empty if it could not be read: {@code note} says why
 * @param length of the whole packet in bytes
 * @param note what is unusual about it; empty if nothing is
 * @since 0.1.0
 */
public record TunnelPacket(
    Instant time,
    String device,
    boolean outgoing,
    String kind,
    InetAddress source,
    InetAddress destination,
    Optional<Inner> inner,
    int length,
    String note) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final int GRE_IPV4 = 0x0800;
  private static final int GRE_IPV6 = 0x86dd;

  /**
   * The packet inside a tunnel's packet.
   *
   * @param source where it is from: the client
   * @param destination where it is to: the VIP
   * @param protocol {@code tcp}, {@code udp}, {@code icmp} and the like, or a number
   * @param sourcePort 0 if the protocol has no ports, or this is not the first fragment
   * @param destinationPort 0 if the protocol has no ports, or this is not the first fragment
   * @param flags of TCP, as tcpdump writes them: {@code S}, {@code S.}, {@code .}, {@code P.},
   *     {@code F.}, {@code R}; empty for others
   * @param length in bytes
   * @since 0.1.0
   */
  public record Inner(
      InetAddress source,
      InetAddress destination,
      String protocol,
      int sourcePort,
      int destinationPort,
      String flags,
      int length) {

    /** Describes a packet within the tunnel. */
    public static Inner of(IpPacket packet) {
      return new Inner(
          packet.source(),
          packet.destination(),
          protocolName(packet),
          packet.sourcePort(),
          packet.destinationPort(),
          packet.protocol() == IpPacket.TCP ? flagLetters(packet) : "",
          packet.length());
    }

    private static String protocolName(IpPacket packet) {
      return switch (packet.protocol()) {
        case IpPacket.ICMP, IpPacket.ICMPV6 ->
            (packet.protocol() == IpPacket.ICMP ? "icmp" : "icmp6")
                + (packet.first() && packet.available() >= 2
                    ? " " + packet.unsignedByte(0) + "/" + packet.unsignedByte(1)
                    : "");
        case IpPacket.TCP -> "tcp";
        case IpPacket.UDP -> "udp";
        case IpPacket.SCTP -> "sctp";
        default -> "protocol " + packet.protocol();
      };
    }

    private static String flagLetters(IpPacket packet) {
      if (!packet.first() || packet.available() < 14) {
        return "";
      }
      int flags = packet.flags();
      StringBuilder letters = new StringBuilder();
      String names = "FSRP.UEW";
      // tcpdump's order: FIN, SYN, RST, PSH, then the dot for ACK, then the rest.
      for (int bit = 0; bit < 8; bit++) {
        if ((flags >> bit & 1) != 0) {
          letters.append(names.charAt(bit));
        }
      }
      return letters.isEmpty() ? "none" : letters.toString();
    }

    private static String endpoint(InetAddress address, int port) {
      String text = IpAddress.format(address);
      if (port == 0) {
        return text;
      }
      return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + port;
    }

    /** Returns addresses, ports, protocol, flags and length in one line. */
    @Override
    public String toString() {
      return endpoint(source, sourcePort)
          + " > "
          + endpoint(destination, destinationPort)
          + " "
          + protocol
          + (flags.isEmpty() ? "" : " [" + flags + "]")
          + " length "
          + length;
    }
  }

  /**
   * Reads a packet.
   *
   * @param captured as it was seen
   * @param device the name of the device it passed; may be empty
   * @param guePorts the UDP ports that stand for GUE
   * @return empty if it is not one of a tunnel, or makes no sense
   */
  public static Optional<TunnelPacket> of(
      CapturedPacket captured, String device, Set<Integer> guePorts) {
    ByteBuffer bytes = captured.bytes();
    Optional<IpPacket> read = IpPacket.at(bytes, bytes.position());
    if (read.isEmpty()) {
      return Optional.empty();
    }
    IpPacket outer = read.get();
    boolean four = outer.version() == 4;
    String kind;
    Optional<IpPacket> inner = Optional.empty();
    String note = "";
    switch (outer.protocol()) {
      case IpPacket.IPIP -> {
        kind = four ? "ipip" : "ipip6";
        inner = inside(outer, 0);
      }
      case IpPacket.IPV6 -> {
        kind = four ? "sit" : "ip6ip6";
        inner = inside(outer, 0);
      }
      case IpPacket.GRE -> {
        kind = "gre";
        int header = greHeader(outer);
        inner = header < 0 ? Optional.empty() : inside(outer, header);
      }
      case IpPacket.UDP -> {
        if (!guePorts.contains(outer.destinationPort())) {
          return Optional.empty();
        }
        kind = "gue";
        int header = gueHeader(outer);
        inner = header < 0 ? Optional.empty() : inside(outer, header);
      }
      default -> {
        return Optional.empty();
      }
    }
    if (!outer.first()) {
      note = "later fragment";
    } else if (outer.moreFragments()) {
      note = "first fragment";
    } else if (inner.isEmpty()) {
      note = "no readable packet inside";
    }
    return Optional.of(
        new TunnelPacket(
            captured.time(),
            device,
            captured.outgoing(),
            kind,
            outer.source(),
            outer.destination(),
            inner.map(Inner::of),
            captured.length(),
            note));
  }

  private static Optional<IpPacket> inside(IpPacket outer, int at) {
    return outer.first() ? outer.within(at) : Optional.empty();
  }

  /** RFC 2784 and 2890: flags say which words follow. */
  private static int greHeader(IpPacket outer) {
    if (!outer.first() || outer.available() < 4) {
      return -1;
    }
    int flags = outer.unsignedShort(0);
    int type = outer.unsignedShort(2);
    if ((flags & 7) != 0 || type != GRE_IPV4 && type != GRE_IPV6) {
      return -1;
    }
    return 4
        + ((flags & 0x8000) != 0 ? 4 : 0)
        + ((flags & 0x2000) != 0 ? 4 : 0)
        + ((flags & 0x1000) != 0 ? 4 : 0);
  }

  /** draft-ietf-intarea-gue: version 1 is an IP packet at once, version 0 has a header. */
  private static int gueHeader(IpPacket outer) {
    if (!outer.first() || outer.available() < 12) {
      return -1;
    }
    int first = outer.unsignedByte(8);
    if (first >> 6 == 1) {
      return 8;
    }
    int protocol = outer.unsignedByte(9);
    boolean control = (first & 0x20) != 0;
    boolean ip = protocol == IpPacket.IPIP || protocol == IpPacket.IPV6;
    return first >> 6 != 0 || control || !ip ? -1 : 12 + (first & 31) * 4;
  }

  /**
   * Tells whether the packet inside is to or from an address.
   *
   * @param address for example a VIP
   * @return false too if the packet inside could not be read
   */
  public boolean concerns(InetAddress address) {
    return inner
        .map(packet -> packet.source().equals(address) || packet.destination().equals(address))
        .orElse(false);
  }

  /** Returns time, device, direction, tunnel, outer and inner packet in one line. */
  @Override
  public String toString() {
    return TIME.format(time.atZone(ZoneId.systemDefault()))
        + (device.isEmpty() ? "" : " " + device)
        + (outgoing ? " Out " : " In  ")
        + kind
        + " "
        + IpAddress.format(source)
        + " > "
        + IpAddress.format(destination)
        + ": "
        + inner.map(Inner::toString).orElse("length " + length)
        + (note.isEmpty() ? "" : " (" + note + ")");
  }
}
