// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.Rtnetlink.IFF_UP;
import static io.lvstun.netlink.route.Rtnetlink.IFINFOMSG;
import static io.lvstun.netlink.route.Rtnetlink.IFLA_EXT_MASK;
import static io.lvstun.netlink.route.Rtnetlink.IFLA_IFNAME;
import static io.lvstun.netlink.route.Rtnetlink.IFLA_INFO_DATA;
import static io.lvstun.netlink.route.Rtnetlink.IFLA_INFO_KIND;
import static io.lvstun.netlink.route.Rtnetlink.IFLA_LINKINFO;
import static io.lvstun.netlink.route.Rtnetlink.IFLA_MTU;
import static io.lvstun.netlink.route.Rtnetlink.RTEXT_FILTER_SKIP_STATS;
import static io.lvstun.netlink.route.Rtnetlink.RTM_NEWLINK;

import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.Link;
import io.lvstun.network.Tunnel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Links, as {@code RTM_*LINK} messages. */
final class LinkCodec {

  private LinkCodec() {}

  /** Asks for one link, or for all if the name is empty; or deletes the one. */
  static void name(MessageWriter writer, int type, int flags, int sequence, String name) {
    begin(writer, type, flags, sequence, 0, 0);
    if (!name.isEmpty()) {
      writer.putString(IFLA_IFNAME, name);
    }
    writer.putU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    writer.end();
  }

  static void up(MessageWriter writer, int flags, int sequence, String name, boolean up) {
    begin(writer, Rtnetlink.RTM_SETLINK, flags, sequence, up ? IFF_UP : 0, IFF_UP);
    writer.putString(IFLA_IFNAME, name);
    writer.end();
  }

  static void mtu(MessageWriter writer, int flags, int sequence, String name, int bytes) {
    begin(writer, Rtnetlink.RTM_SETLINK, flags, sequence, 0, 0);
    writer.putString(IFLA_IFNAME, name);
    writer.putU32(IFLA_MTU, bytes);
    writer.end();
  }

  static void create(MessageWriter writer, int flags, int sequence, Tunnel tunnel) {
    begin(writer, RTM_NEWLINK, flags, sequence, 0, 0);
    writer.putString(IFLA_IFNAME, tunnel.name());
    int info = writer.beginNest(IFLA_LINKINFO);
    writer.putString(IFLA_INFO_KIND, TunnelCodec.kindName(tunnel.kind()));
    int data = writer.beginNest(IFLA_INFO_DATA);
    TunnelCodec.write(writer, tunnel);
    writer.endNest(data);
    writer.endNest(info);
    writer.end();
  }

  private static void begin(
      MessageWriter writer, int type, int flags, int sequence, int linkFlags, int change) {
    writer.begin(type, flags, sequence);
    writer.putRaw(0);
    writer.putRaw(0);
    writer.putRaw(linkFlags);
    writer.putRaw(change);
  }

  /** Reads a link; null for a message that is not one. */
  static @Nullable Link read(MessageReader message) {
    if (message.type() != RTM_NEWLINK) {
      return null;
    }
    AttributeReader attributes = new AttributeReader();
    AttributeReader inner = new AttributeReader();
    String name = "";
    String kind = "";
    int mtu = 0;
    AttributeReader data = null;
    message.attributes(IFINFOMSG, attributes);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFLA_IFNAME -> name = attributes.string();
        case IFLA_MTU -> mtu = attributes.u32();
        case IFLA_LINKINFO -> {
          attributes.nested(inner);
          while (inner.next()) {
            if (inner.type() == IFLA_INFO_KIND) {
              kind = inner.string();
            } else if (inner.type() == IFLA_INFO_DATA) {
              data = new AttributeReader();
              inner.nested(data);
            }
          }
        }
        default -> {}
      }
    }
    Optional<Tunnel> tunnel = data == null ? Optional.empty() : TunnelCodec.read(name, kind, data);
    return new Link(message.headerInt(4), name, mtu, message.headerInt(8), kind, tunnel);
  }
}
