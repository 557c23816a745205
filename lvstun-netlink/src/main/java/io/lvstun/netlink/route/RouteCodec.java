// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.Rtnetlink.RTA_DST;
import static io.lvstun.netlink.route.Rtnetlink.RTA_GATEWAY;
import static io.lvstun.netlink.route.Rtnetlink.RTA_MULTIPATH;
import static io.lvstun.netlink.route.Rtnetlink.RTA_OIF;
import static io.lvstun.netlink.route.Rtnetlink.RTA_PREFSRC;
import static io.lvstun.netlink.route.Rtnetlink.RTA_PRIORITY;
import static io.lvstun.netlink.route.Rtnetlink.RTA_TABLE;
import static io.lvstun.netlink.route.Rtnetlink.RTA_VIA;
import static io.lvstun.netlink.route.Rtnetlink.RTMSG;
import static io.lvstun.netlink.route.Rtnetlink.RTM_NEWROUTE;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.Route;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Routes, as {@code RTM_*ROUTE} messages. */
final class RouteCodec {

  private RouteCodec() {}

  static void dump(MessageWriter writer, int flags, int sequence) {
    writer.begin(Rtnetlink.RTM_GETROUTE, flags, sequence);
    writer.putRaw(0);
    writer.putRaw(0);
    writer.putRaw(0);
    writer.end();
  }

  /**
   * Adds or removes a route.
   *
   * @param link the number of its link; 0 for none
   */
  static void change(
      MessageWriter writer, int type, int flags, int sequence, Route route, int link) {
    AddressFamily family = AddressFamily.of(route.destination());
    boolean adding = type == RTM_NEWROUTE;
    writer.begin(type, flags, sequence);
    writer.putRaw(family.number(), route.prefixLength(), 0, 0);
    writer.putRaw(
        route.table() < 256 ? (int) route.table() : 0,
        adding ? Rtnetlink.RTPROT_STATIC : 0,
        adding ? scope(route, family) : Rtnetlink.RT_SCOPE_NOWHERE,
        number(route.type()));
    writer.putRaw(0);
    if (route.prefixLength() > 0) {
      writer.putBytes(RTA_DST, route.destination().getAddress());
    }
    if (link != 0) {
      writer.putU32(RTA_OIF, link);
    }
    route.gateway().ifPresent(address -> writer.putBytes(RTA_GATEWAY, address.getAddress()));
    route.source().ifPresent(address -> writer.putBytes(RTA_PREFSRC, address.getAddress()));
    if (route.metric() != 0) {
      writer.putU32(RTA_PRIORITY, (int) route.metric());
    }
    writer.putU32(RTA_TABLE, (int) route.table());
    writer.end();
  }

  private static int number(Route.Type type) {
    return switch (type) {
      case UNICAST -> Rtnetlink.RTN_UNICAST;
      case LOCAL -> Rtnetlink.RTN_LOCAL;
      case BLACKHOLE -> Rtnetlink.RTN_BLACKHOLE;
      case UNREACHABLE -> Rtnetlink.RTN_UNREACHABLE;
      case PROHIBIT -> Rtnetlink.RTN_PROHIBIT;
    };
  }

  private static Route.@Nullable Type type(int number) {
    return switch (number) {
      case Rtnetlink.RTN_UNICAST -> Route.Type.UNICAST;
      case Rtnetlink.RTN_LOCAL -> Route.Type.LOCAL;
      case Rtnetlink.RTN_BLACKHOLE -> Route.Type.BLACKHOLE;
      case Rtnetlink.RTN_UNREACHABLE -> Route.Type.UNREACHABLE;
      case Rtnetlink.RTN_PROHIBIT -> Route.Type.PROHIBIT;
      default -> null;
    };
  }

  private static int scope(Route route, AddressFamily family) {
    if (family == AddressFamily.IPV6) {
      return Rtnetlink.RT_SCOPE_UNIVERSE;
    }
    return switch (route.type()) {
      case LOCAL -> Rtnetlink.RT_SCOPE_HOST;
      case UNICAST ->
          route.gateway().isPresent() ? Rtnetlink.RT_SCOPE_UNIVERSE : Rtnetlink.RT_SCOPE_LINK;
      default -> Rtnetlink.RT_SCOPE_UNIVERSE;
    };
  }

  /**
   * Reads a route of a table; null for other messages, and for routes that there are no words for.
   *
   * @param links the names of links by their numbers
   */
  static @Nullable Route read(MessageReader message, long wanted, Map<Integer, String> links) {
    AddressFamily family = AddressBytes.family(message);
    if (message.type() != RTM_NEWROUTE
        || family == null
        || (message.headerInt(8) & Rtnetlink.RTM_F_CLONED) != 0) {
      return null;
    }
    Route.Type type = type(message.headerByte(7));
    boolean bySourceOrTos = message.headerByte(2) != 0 || message.headerByte(3) != 0;
    if (type == null || bySourceOrTos) {
      return null;
    }
    InetAddress destination = AddressBytes.any(family);
    Optional<InetAddress> gateway = Optional.empty();
    Optional<InetAddress> source = Optional.empty();
    String link = "";
    long metric = 0;
    long table = message.headerByte(4);
    AttributeReader attributes = new AttributeReader();
    message.attributes(RTMSG, attributes);
    while (attributes.next()) {
      switch (attributes.type()) {
        case RTA_DST -> destination = AddressBytes.address(attributes, family);
        case RTA_GATEWAY -> gateway = Optional.of(AddressBytes.address(attributes, family));
        case RTA_PREFSRC -> source = Optional.of(AddressBytes.address(attributes, family));
        case RTA_OIF -> link = links.getOrDefault(attributes.u32(), "");
        case RTA_PRIORITY -> metric = Integer.toUnsignedLong(attributes.u32());
        case RTA_TABLE -> table = Integer.toUnsignedLong(attributes.u32());
        case RTA_MULTIPATH, RTA_VIA -> {
          return null;
        }
        default -> {}
      }
    }
    if (table != wanted) {
      return null;
    }
    try {
      return new Route(
          destination, message.headerByte(1), type, table, link, gateway, source, metric);
    } catch (IllegalArgumentException e) {
      // For example one whose link has just gone.
      return null;
    }
  }
}
