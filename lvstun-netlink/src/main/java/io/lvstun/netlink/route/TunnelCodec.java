// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.Tunnel;
import io.lvstun.network.Tunnel.Kind;
import io.lvstun.network.Tunnel.Payload;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of tunnel devices: {@code IFLA_IPTUN_*} and {@code IFLA_GRE_*}. */
final class TunnelCodec {

  private TunnelCodec() {}

  static String kindName(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static boolean isGre(Kind kind) {
    return kind == Kind.GRE || kind == Kind.IP6GRE;
  }

  static void write(MessageWriter writer, Tunnel tunnel) {
    Kind kind = tunnel.kind();
    boolean gre = isGre(kind);
    tunnel
        .local()
        .ifPresent(
            address ->
                writer.putBytes(
                    gre ? Rtnetlink.IFLA_GRE_LOCAL : Rtnetlink.IFLA_IPTUN_LOCAL,
                    address.getAddress()));
    tunnel
        .remote()
        .ifPresent(
            address ->
                writer.putBytes(
                    gre ? Rtnetlink.IFLA_GRE_REMOTE : Rtnetlink.IFLA_IPTUN_REMOTE,
                    address.getAddress()));
    writer.putU8(gre ? Rtnetlink.IFLA_GRE_TTL : Rtnetlink.IFLA_IPTUN_TTL, tunnel.ttl());
    if (kind.outer() == AddressFamily.IPV6) {
      // Otherwise packets that are sent carry an option that forbids any further tunnel.
      writer.putU32(
          gre ? Rtnetlink.IFLA_GRE_FLAGS : Rtnetlink.IFLA_IPTUN_FLAGS,
          Rtnetlink.IP6_TNL_F_IGN_ENCAP_LIMIT);
    }
    if (!gre) {
      writer.putU8(Rtnetlink.IFLA_IPTUN_PROTO, protocol(tunnel.payload()));
    }
    if (tunnel.inputChecksum()) {
      writer.putBe16(Rtnetlink.IFLA_GRE_IFLAGS, Rtnetlink.GRE_CSUM);
    }
    if (tunnel.external()) {
      writer.putBytes(
          gre ? Rtnetlink.IFLA_GRE_COLLECT_METADATA : Rtnetlink.IFLA_IPTUN_COLLECT_METADATA,
          new byte[0]);
    }
  }

  private static int protocol(Payload payload) {
    return switch (payload) {
      case ANY -> 0;
      case IPV4 -> Rtnetlink.IPPROTO_IPIP;
      case IPV6 -> Rtnetlink.IPPROTO_IPV6;
    };
  }

  private static @Nullable Payload payload(int protocol) {
    return switch (protocol) {
      case 0 -> Payload.ANY;
      case Rtnetlink.IPPROTO_IPIP -> Payload.IPV4;
      case Rtnetlink.IPPROTO_IPV6 -> Payload.IPV6;
      default -> null;
    };
  }

  /** Reads a tunnel's settings; empty for a kind or a payload that there is no word for. */
  static Optional<Tunnel> read(String name, String kindName, AttributeReader data) {
    for (Kind kind : Kind.values()) {
      if (kindName(kind).equals(kindName)) {
        return isGre(kind) ? readGre(name, kind, data) : readPlain(name, kind, data);
      }
    }
    return Optional.empty();
  }

  private static Optional<Tunnel> readPlain(String name, Kind kind, AttributeReader data) {
    Optional<InetAddress> local = Optional.empty();
    Optional<InetAddress> remote = Optional.empty();
    int ttl = 0;
    int protocol = 0;
    boolean external = false;
    while (data.next()) {
      switch (data.type()) {
        case Rtnetlink.IFLA_IPTUN_LOCAL -> local = address(kind, data);
        case Rtnetlink.IFLA_IPTUN_REMOTE -> remote = address(kind, data);
        case Rtnetlink.IFLA_IPTUN_TTL -> ttl = data.u8();
        case Rtnetlink.IFLA_IPTUN_PROTO -> protocol = data.u8();
        case Rtnetlink.IFLA_IPTUN_COLLECT_METADATA -> external = true;
        default -> {}
      }
    }
    Payload payload = payload(protocol);
    if (payload == null) {
      return Optional.empty();
    }
    return tunnel(name, kind, local, remote, ttl, payload, external, false);
  }

  private static Optional<Tunnel> readGre(String name, Kind kind, AttributeReader data) {
    Optional<InetAddress> local = Optional.empty();
    Optional<InetAddress> remote = Optional.empty();
    int ttl = 0;
    boolean checksum = false;
    boolean external = false;
    while (data.next()) {
      switch (data.type()) {
        case Rtnetlink.IFLA_GRE_LOCAL -> local = address(kind, data);
        case Rtnetlink.IFLA_GRE_REMOTE -> remote = address(kind, data);
        case Rtnetlink.IFLA_GRE_TTL -> ttl = data.u8();
        case Rtnetlink.IFLA_GRE_IFLAGS -> checksum = (data.be16() & Rtnetlink.GRE_CSUM) != 0;
        case Rtnetlink.IFLA_GRE_COLLECT_METADATA -> external = true;
        default -> {}
      }
    }
    return tunnel(
        name, kind, local, remote, ttl, Payload.ANY, external, checksum && kind == Kind.GRE);
  }

  /** Other programs make tunnels that the value refuses: those have no settings to show. */
  private static Optional<Tunnel> tunnel(
      String name,
      Kind kind,
      Optional<InetAddress> local,
      Optional<InetAddress> remote,
      int ttl,
      Payload payload,
      boolean external,
      boolean checksum) {
    try {
      return Optional.of(new Tunnel(name, kind, local, remote, ttl, payload, external, checksum));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<InetAddress> address(Kind kind, AttributeReader data) {
    InetAddress address = AddressBytes.address(data, kind.outer());
    return address.isAnyLocalAddress() ? Optional.empty() : Optional.of(address);
  }
}
