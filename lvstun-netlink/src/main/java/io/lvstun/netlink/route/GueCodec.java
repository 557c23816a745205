// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.Rtnetlink.FOU_ATTR_AF;
import static io.lvstun.netlink.route.Rtnetlink.FOU_ATTR_PORT;
import static io.lvstun.netlink.route.Rtnetlink.FOU_ATTR_TYPE;
import static io.lvstun.netlink.route.Rtnetlink.FOU_CMD_ADD;
import static io.lvstun.netlink.route.Rtnetlink.FOU_CMD_GET;
import static io.lvstun.netlink.route.Rtnetlink.FOU_ENCAP_GUE;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.generic.GenericFamily;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.socket.Deadline;
import io.lvstun.netlink.socket.NetlinkSession;
import io.lvstun.network.GuePort;
import org.jspecify.annotations.Nullable;

/** GUE ports, as messages of the generic netlink family {@code fou}. */
final class GueCodec {

  private GueCodec() {}

  /**
   * Writes a request, after asking for the family's number: it changes with the module.
   *
   * @param port null to ask for all
   */
  static int write(
      NetlinkSession session, int command, int flags, Deadline deadline, @Nullable GuePort port) {
    int family = GenericFamily.lookUp(session, Rtnetlink.FOU_GENL_NAME, deadline);
    int sequence = session.takeSequence(1);
    MessageWriter writer = session.writer();
    writer.begin(family, flags, sequence);
    writer.genericHeader(command, Rtnetlink.FOU_GENL_VERSION);
    if (port != null) {
      writer.putBe16(FOU_ATTR_PORT, port.port());
      writer.putU8(FOU_ATTR_AF, port.family().number());
      if (command == FOU_CMD_ADD) {
        writer.putU8(FOU_ATTR_TYPE, FOU_ENCAP_GUE);
      }
    }
    writer.end();
    return sequence;
  }

  /** Reads a port; null for one without GUE. */
  static @Nullable GuePort read(MessageReader message) {
    if (message.genericCommand() != FOU_CMD_GET) {
      return null;
    }
    int port = 0;
    int type = 0;
    int family = AddressFamily.IPV4.number();
    AttributeReader attributes = new AttributeReader();
    message.attributes(GenericFamily.GENL_HDRLEN, attributes);
    while (attributes.next()) {
      switch (attributes.type()) {
        case FOU_ATTR_PORT -> port = attributes.be16();
        case FOU_ATTR_AF -> family = attributes.u8();
        case FOU_ATTR_TYPE -> type = attributes.u8();
        default -> {}
      }
    }
    if (type != FOU_ENCAP_GUE || port == 0) {
      return null;
    }
    return new GuePort(
        port, family == AddressFamily.IPV6.number() ? AddressFamily.IPV6 : AddressFamily.IPV4);
  }
}
