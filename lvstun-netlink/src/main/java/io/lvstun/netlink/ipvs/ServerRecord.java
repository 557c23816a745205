// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.RealServer;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.state.ServerState;

/**
 * Where the values of a real server are in the kernel's answer, so that they can be read without
 * walking over the attributes.
 *
 * <p>Kernels from 5.3 on write every attribute of a real server, always in this order and each of
 * fixed length (ip_vs_genl_fill_dest() in ip_vs_ctl.c; seen on 6.1 and 6.12). {@link #isUsual}
 * looks at each header, so what differs in any way is found out, and read the other way.
 */
final class ServerRecord {

  static final int LENGTH = 356;

  private static final int DEST = 20;
  private static final int ADDR = 24;
  private static final int PORT = 44;
  private static final int FWD_METHOD = 52;
  private static final int WEIGHT = 60;
  private static final int TUN_TYPE = 68;
  private static final int TUN_PORT = 76;
  private static final int TUN_FLAGS = 84;
  private static final int U_THRESH = 92;
  private static final int L_THRESH = 100;
  private static final int ACTIVE_CONNS = 108;
  private static final int INACT_CONNS = 116;
  private static final int PERSIST_CONNS = 124;
  private static final int ADDR_FAMILY = 132;
  private static final int STATS = 140;
  private static final int STATS64 = 232;

  private ServerRecord() {}

  /** Whether the message has exactly these attributes at exactly these places. */
  static boolean isUsual(MessageReader message) {
    if (message.messageLength() != LENGTH) {
      return false;
    }
    // Without branches: nearly always every comparison is needed.
    int difference =
        Layout.withoutFlags(message.word(DEST)) ^ Layout.header(336, Ipvs.IPVS_CMD_ATTR_DEST)
            | message.word(ADDR) ^ Layout.header(20, Ipvs.IPVS_DEST_ATTR_ADDR)
            | message.word(PORT) ^ Layout.header(6, Ipvs.IPVS_DEST_ATTR_PORT)
            | message.word(FWD_METHOD) ^ Layout.header(8, Ipvs.IPVS_DEST_ATTR_FWD_METHOD)
            | message.word(WEIGHT) ^ Layout.header(8, Ipvs.IPVS_DEST_ATTR_WEIGHT)
            | message.word(TUN_TYPE) ^ Layout.header(5, Ipvs.IPVS_DEST_ATTR_TUN_TYPE)
            | message.word(TUN_PORT) ^ Layout.header(6, Ipvs.IPVS_DEST_ATTR_TUN_PORT)
            | message.word(TUN_FLAGS) ^ Layout.header(6, Ipvs.IPVS_DEST_ATTR_TUN_FLAGS)
            | message.word(U_THRESH) ^ Layout.header(8, Ipvs.IPVS_DEST_ATTR_U_THRESH)
            | message.word(L_THRESH) ^ Layout.header(8, Ipvs.IPVS_DEST_ATTR_L_THRESH)
            | message.word(ACTIVE_CONNS) ^ Layout.header(8, Ipvs.IPVS_DEST_ATTR_ACTIVE_CONNS)
            | message.word(INACT_CONNS) ^ Layout.header(8, Ipvs.IPVS_DEST_ATTR_INACT_CONNS)
            | message.word(PERSIST_CONNS) ^ Layout.header(8, Ipvs.IPVS_DEST_ATTR_PERSIST_CONNS)
            | message.word(ADDR_FAMILY) ^ Layout.header(6, Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY)
            | Layout.withoutFlags(message.word(STATS))
                ^ Layout.header(92, Ipvs.IPVS_DEST_ATTR_STATS);
    return (difference | Layout.differenceOfFigures(message, STATS64, Ipvs.IPVS_DEST_ATTR_STATS64))
        == 0;
  }

  /** Reads a message that {@link #isUsual}. */
  static ServerState read(MessageReader message, AddressFamily serviceFamily, Addresses addresses) {
    AddressFamily family =
        Decoder.serverFamily(Layout.firstHalf(message.word(ADDR_FAMILY + 4)), serviceFamily);
    RealServer definition =
        new RealServer(
            Layout.address(message, ADDR, family, addresses),
            Layout.networkOrder(message.word(PORT + 4)) >>> 16,
            Decoder.forwarding(
                message.word(FWD_METHOD + 4),
                Layout.networkOrder(message.word(TUN_TYPE + 4)) >>> 24,
                Layout.networkOrder(message.word(TUN_PORT + 4)) >>> 16,
                Layout.firstHalf(message.word(TUN_FLAGS + 4))),
            message.word(WEIGHT + 4),
            message.word(U_THRESH + 4) & 0xffff_ffffL,
            message.word(L_THRESH + 4) & 0xffff_ffffL);
    return new ServerState(
        definition,
        message.word(ACTIVE_CONNS + 4) & 0xffff_ffffL,
        message.word(INACT_CONNS + 4) & 0xffff_ffffL,
        message.word(PERSIST_CONNS + 4) & 0xffff_ffffL,
        Layout.counters(message, STATS64),
        Layout.rates(message, STATS64));
  }
}
