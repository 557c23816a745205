// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import java.net.InetAddress;
import java.nio.ByteOrder;

/** What records of known layout have in common: four bytes of a message, taken apart. */
final class Layout {

  private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  /** Attributes that hold attributes say so by a flag in some kernels. */
  private static final int WITHOUT_FLAGS = BIG_ENDIAN ? 0xffff_3fff : 0x3fff_ffff;

  private static final int FIGURE_BYTES = 12;
  private static final int FIGURES_BYTES = 4 + FIGURE_BYTES * Ipvs.IPVS_STATS_ATTR_OUTBPS;

  private Layout() {}

  /** The first four bytes of an attribute: its length and its type, in the machine's order. */
  static int header(int length, int type) {
    return BIG_ENDIAN ? length << 16 | type : type << 16 | length;
  }

  static int withoutFlags(int header) {
    return header & WITHOUT_FLAGS;
  }

  static int attributeLength(int header) {
    return firstHalf(header);
  }

  static int attributeType(int header) {
    return BIG_ENDIAN ? header & 0xffff : header >>> 16;
  }

  /** Four bytes that were read in the machine's order, as they read in the network's. */
  static int networkOrder(int word) {
    return BIG_ENDIAN ? word : Integer.reverseBytes(word);
  }

  /** The first two of four bytes, in the machine's order. */
  static int firstHalf(int word) {
    return BIG_ENDIAN ? word >>> 16 : word & 0xffff;
  }

  /** What differs from an attribute that holds the ten figures of 64 bits; 0 if nothing does. */
  static int differenceOfFigures(MessageReader message, int at, int type) {
    int difference = withoutFlags(message.word(at)) ^ header(FIGURES_BYTES, type);
    for (int i = Ipvs.IPVS_STATS_ATTR_CONNS; i <= Ipvs.IPVS_STATS_ATTR_OUTBPS; i++) {
      difference |= message.word(figureAt(at, i)) ^ header(FIGURE_BYTES, i);
    }
    return difference;
  }

  /** An address of the family, of an attribute of 16 bytes. */
  static InetAddress address(
      MessageReader message, int at, AddressFamily family, Addresses addresses) {
    int first = networkOrder(message.word(at + 4));
    return family == AddressFamily.IPV4
        ? addresses.v4(first)
        : addresses.v6(
            twoWords(first, networkOrder(message.word(at + 8))),
            twoWords(networkOrder(message.word(at + 12)), networkOrder(message.word(at + 16))));
  }

  static long twoWords(int high, int low) {
    return (long) high << 32 | low & 0xffff_ffffL;
  }

  /** The counters in an attribute that holds the ten figures. */
  static Counters counters(MessageReader message, int at) {
    return Counters.of(
        figure(message, at, Ipvs.IPVS_STATS_ATTR_CONNS),
        figure(message, at, Ipvs.IPVS_STATS_ATTR_INPKTS),
        figure(message, at, Ipvs.IPVS_STATS_ATTR_OUTPKTS),
        figure(message, at, Ipvs.IPVS_STATS_ATTR_INBYTES),
        figure(message, at, Ipvs.IPVS_STATS_ATTR_OUTBYTES));
  }

  /** The rates in an attribute that holds the ten figures. */
  static Rates rates(MessageReader message, int at) {
    return Rates.of(
        figure(message, at, Ipvs.IPVS_STATS_ATTR_CPS),
        figure(message, at, Ipvs.IPVS_STATS_ATTR_INPPS),
        figure(message, at, Ipvs.IPVS_STATS_ATTR_OUTPPS),
        figure(message, at, Ipvs.IPVS_STATS_ATTR_INBPS),
        figure(message, at, Ipvs.IPVS_STATS_ATTR_OUTBPS));
  }

  /** A figure of the attribute that begins there. */
  private static long figure(MessageReader message, int at, int type) {
    return message.twoWords(figureAt(at, type) + 4);
  }

  private static int figureAt(int at, int type) {
    return at + 4 + FIGURE_BYTES * (type - 1);
  }
}
