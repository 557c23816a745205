// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.probe.PacketExchange.Outgoing;
import io.lvstun.diagnostics.probe.PacketExchange.Problem;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A question that goes through a tunnel, and which answers belong to it. */
record EchoAttempt(
    EchoProbe.Tunnel tunnel,
    InetAddress outerSource,
    InetAddress innerSource,
    int identifier,
    int number,
    int port) {

  private static final byte[] DATA = "lvstun-doctor echo".getBytes(StandardCharsets.US_ASCII);

  private Outgoing tunnelled(byte[] inner) {
    return new Outgoing(
        tunnel.server(),
        PacketMaker.encapsulate(tunnel.kind(), outerSource, tunnel.server(), inner, port));
  }

  Outgoing echo() {
    return tunnelled(
        PacketMaker.echo(innerSource, tunnel.virtualAddress(), identifier, number, DATA));
  }

  Optional<Outgoing> syn() {
    return tunnel.port() == 0
        ? Optional.empty()
        : Optional.of(
            tunnelled(
                PacketMaker.syn(
                    innerSource, port, tunnel.virtualAddress(), tunnel.port(), identifier)));
  }

  /** What ends the connection that {@link #syn} begins, whether or not it was answered. */
  Optional<Outgoing> reset() {
    return tunnel.port() == 0
        ? Optional.empty()
        : Optional.of(
            tunnelled(
                PacketMaker.reset(
                    innerSource, port, tunnel.virtualAddress(), tunnel.port(), identifier + 1)));
  }

  boolean settled(List<ByteBuffer> received) {
    return answered(received) && (tunnel.port() == 0 || !tcp(received).equals("silent"));
  }

  private boolean answered(List<ByteBuffer> received) {
    return received.stream()
        .map(bytes -> IpPacket.at(bytes, bytes.position()))
        .flatMap(Optional::stream)
        .anyMatch(
            packet ->
                packet.source().equals(tunnel.virtualAddress())
                    && icmpType(packet) == (packet.version() == 4 ? 0 : 129)
                    && packet.available() >= 8
                    && packet.unsignedShort(4) == identifier
                    && packet.unsignedShort(6) == number);
  }

  private String tcp(List<ByteBuffer> received) {
    if (tunnel.port() == 0) {
      return "-";
    }
    for (ByteBuffer bytes : received) {
      Optional<IpPacket> packet = IpPacket.at(bytes, bytes.position());
      if (packet
          .filter(
              each ->
                  each.source().equals(tunnel.virtualAddress())
                      && each.protocol() == IpPacket.TCP
                      && each.sourcePort() == tunnel.port()
                      && each.destinationPort() == port)
          .isPresent()) {
        return (packet.get().flags() & 0x04) != 0 ? "closed" : "open";
      }
    }
    return "silent";
  }

  private static int icmpType(IpPacket packet) {
    int icmp = packet.version() == 4 ? IpPacket.ICMP : IpPacket.ICMPV6;
    return packet.protocol() == icmp && packet.first() && packet.available() >= 2
        ? packet.unsignedByte(0)
        : -1;
  }

  TunnelEcho judge(Problem problem, List<ByteBuffer> received) {
    String tcp = tcp(received);
    boolean answered = answered(received);
    if (answered || tcp.equals("open") || tcp.equals("closed")) {
      return EchoProbe.echo(
          tunnel,
          TunnelEcho.Outcome.ANSWERED,
          tcp,
          answered ? "echo reply" : "TCP answered, but not the echo request");
    }
    if (!problem.reason().isEmpty()) {
      return EchoProbe.echo(
          tunnel,
          problem.filtered() ? TunnelEcho.Outcome.BLOCKED : TunnelEcho.Outcome.NOT_SENT,
          tcp,
          problem.reason());
    }
    for (ByteBuffer bytes : received) {
      Optional<TunnelEcho> refusal =
          IpPacket.at(bytes, bytes.position()).flatMap(packet -> refusal(packet, tcp));
      if (refusal.isPresent()) {
        return refusal.get();
      }
    }
    return EchoProbe.echo(tunnel, TunnelEcho.Outcome.SILENT, tcp, "");
  }

  /** What ICMP says about the tunnel's packet, or about the one inside. */
  private Optional<TunnelEcho> refusal(IpPacket packet, String tcp) {
    boolean four = packet.version() == 4;
    int type = icmpType(packet);
    // Of a next header that nobody knows, IPv6 says so by a parameter problem.
    boolean unknownHeader = !four && type == 4 && packet.unsignedByte(1) == 1;
    if (type != (four ? 3 : 1) && !unknownHeader || packet.available() < 8) {
      return Optional.empty();
    }
    Optional<IpPacket> quoted = packet.within(8);
    if (quoted.isEmpty()) {
      return Optional.empty();
    }
    int code = packet.unsignedByte(1);
    String detail =
        "ICMP unreachable, code " + code + ", from " + IpAddress.format(packet.source());
    if (quoted.get().destination().equals(tunnel.server())
        && quoted.get().source().equals(outerSource)
        && quoted.get().protocol() != IpPacket.TCP) {
      boolean nobody = four ? code == 2 || code == 3 : code == 4 || unknownHeader;
      boolean filter = four ? code == 9 || code == 10 || code == 13 : code == 1 && !unknownHeader;
      boolean fromServer = packet.source().equals(tunnel.server());
      TunnelEcho.Outcome outcome =
          nobody && fromServer
              ? TunnelEcho.Outcome.UNREACHABLE
              : filter ? TunnelEcho.Outcome.REJECTED : TunnelEcho.Outcome.NO_WAY;
      return Optional.of(EchoProbe.echo(tunnel, outcome, tcp, detail));
    }
    if (quoted.get().destination().equals(tunnel.virtualAddress())
        && quoted.get().source().equals(innerSource)) {
      return Optional.of(
          EchoProbe.echo(
              tunnel, TunnelEcho.Outcome.REJECTED, tcp, detail + ", about the packet inside"));
    }
    return Optional.empty();
  }
}
