// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.Rtnetlink.IFADDRMSG;
import static io.lvstun.netlink.route.Rtnetlink.IFA_ADDRESS;
import static io.lvstun.netlink.route.Rtnetlink.IFA_CACHEINFO;
import static io.lvstun.netlink.route.Rtnetlink.IFA_FLAGS;
import static io.lvstun.netlink.route.Rtnetlink.IFA_F_DADFAILED;
import static io.lvstun.netlink.route.Rtnetlink.IFA_F_DEPRECATED;
import static io.lvstun.netlink.route.Rtnetlink.IFA_F_NODAD;
import static io.lvstun.netlink.route.Rtnetlink.IFA_F_TENTATIVE;
import static io.lvstun.netlink.route.Rtnetlink.IFA_LABEL;
import static io.lvstun.netlink.route.Rtnetlink.IFA_LOCAL;
import static io.lvstun.netlink.route.Rtnetlink.RTM_NEWADDR;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.AddressState;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.LinkAddress.Scope;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses on links, as {@code RTM_*ADDR} messages. */
final class AddressCodec {

  private static final int FOREVER = -1;

  private AddressCodec() {}

  static void dump(MessageWriter writer, int flags, int sequence) {
    writer.begin(Rtnetlink.RTM_GETADDR, flags, sequence);
    writer.putRaw(0);
    writer.putRaw(0);
    writer.end();
  }

  static void add(MessageWriter writer, int flags, int sequence, int link, LinkAddress address) {
    begin(writer, RTM_NEWADDR, flags, sequence, link, address);
    if (!address.label().isEmpty()) {
      writer.putString(IFA_LABEL, address.label());
    }
    if (address.withoutDuplicateDetection()) {
      writer.putU32(IFA_FLAGS, IFA_F_NODAD);
    }
    if (address.deprecated()) {
      // struct ifa_cacheinfo: preferred for 0 s, valid for ever, and two that only answers have.
      ByteBuffer times = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
      times.putInt(0).putInt(FOREVER);
      writer.putBytes(IFA_CACHEINFO, times.array());
    }
    writer.end();
  }

  static void remove(MessageWriter writer, int flags, int sequence, int link, LinkAddress address) {
    begin(writer, Rtnetlink.RTM_DELADDR, flags, sequence, link, address);
    writer.end();
  }

  private static void begin(
      MessageWriter writer, int type, int flags, int sequence, int link, LinkAddress address) {
    writer.begin(type, flags, sequence);
    writer.putRaw(
        AddressFamily.of(address.address()).number(),
        address.prefixLength(),
        0,
        scopeNumber(address.scope()));
    writer.putRaw(link);
    writer.putBytes(IFA_LOCAL, address.address().getAddress());
    writer.putBytes(IFA_ADDRESS, address.address().getAddress());
  }

  private static int scopeNumber(Scope scope) {
    return switch (scope) {
      case GLOBAL -> Rtnetlink.RT_SCOPE_UNIVERSE;
      case SITE -> Rtnetlink.RT_SCOPE_SITE;
      case LINK -> Rtnetlink.RT_SCOPE_LINK;
      case HOST -> Rtnetlink.RT_SCOPE_HOST;
    };
  }

  private static Scope scope(int number) {
    return switch (number) {
      case Rtnetlink.RT_SCOPE_HOST, Rtnetlink.RT_SCOPE_NOWHERE -> Scope.HOST;
      case Rtnetlink.RT_SCOPE_LINK -> Scope.LINK;
      case Rtnetlink.RT_SCOPE_SITE -> Scope.SITE;
      // Administrators may define others: as far as the kernel cares, they are wider than a link.
      default -> Scope.GLOBAL;
    };
  }

  /**
   * Reads an address; null for a message that is not one, or of another family.
   *
   * @param links the names of links by their numbers
   */
  static @Nullable AddressState read(MessageReader message, Map<Integer, String> links) {
    AddressFamily family = AddressBytes.family(message);
    if (message.type() != RTM_NEWADDR || family == null) {
      return null;
    }
    String link = links.getOrDefault(message.headerInt(4), "");
    InetAddress address = AddressBytes.any(family);
    boolean isLocal = false;
    String label = "";
    int flags = message.headerByte(2);
    AttributeReader attributes = new AttributeReader();
    message.attributes(IFADDRMSG, attributes);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFA_LOCAL -> {
          address = AddressBytes.address(attributes, family);
          isLocal = true;
        }
        case IFA_ADDRESS -> {
          // The other end's, if there is a local one as well.
          if (!isLocal) {
            address = AddressBytes.address(attributes, family);
          }
        }
        case IFA_LABEL -> label = attributes.string();
        case IFA_FLAGS -> flags = attributes.u32();
        default -> {}
      }
    }
    int length = message.headerByte(1);
    if (length > family.addressBits()) {
      throw MessageReader.malformed("an address of " + family + " has a prefix of " + length);
    }
    LinkAddress definition =
        new LinkAddress(
            address,
            length,
            scope(message.headerByte(3)),
            family == AddressFamily.IPV6 || label.equals(link) ? "" : label(label),
            (flags & IFA_F_DEPRECATED) != 0,
            family == AddressFamily.IPV6 && (flags & IFA_F_NODAD) != 0);
    return new AddressState(
        link, definition, (flags & IFA_F_TENTATIVE) != 0, (flags & IFA_F_DADFAILED) != 0);
  }

  /** A label that other programs gave may be anything. */
  private static String label(String label) {
    String text = label.replaceAll("[^!-.0-~]", "?");
    return text.length() > 15 ? text.substring(0, 15) : text;
  }
}
