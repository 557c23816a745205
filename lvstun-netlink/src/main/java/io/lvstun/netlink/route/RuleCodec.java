// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.Rtnetlink.FIB_RULE_HDR;
import static io.lvstun.netlink.route.Rtnetlink.FIB_RULE_INVERT;
import static io.lvstun.netlink.route.Rtnetlink.FRA_FWMARK;
import static io.lvstun.netlink.route.Rtnetlink.FRA_FWMASK;
import static io.lvstun.netlink.route.Rtnetlink.FRA_PRIORITY;
import static io.lvstun.netlink.route.Rtnetlink.FRA_TABLE;
import static io.lvstun.netlink.route.Rtnetlink.FR_ACT_TO_TBL;
import static io.lvstun.netlink.route.Rtnetlink.RTM_NEWRULE;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.MarkRule;
import org.jspecify.annotations.Nullable;

/** Rules for firewall marks, as {@code RTM_*RULE} messages. */
final class RuleCodec {

  private RuleCodec() {}

  static void dump(MessageWriter writer, int flags, int sequence, AddressFamily family) {
    writer.begin(Rtnetlink.RTM_GETRULE, flags, sequence);
    writer.putRaw(family.number(), 0, 0, 0);
    writer.putRaw(0);
    writer.putRaw(0);
    writer.end();
  }

  static void change(MessageWriter writer, int type, int flags, int sequence, MarkRule rule) {
    writer.begin(type, flags, sequence);
    writer.putRaw(rule.family().number(), 0, 0, 0);
    writer.putRaw(rule.table() < 256 ? (int) rule.table() : 0, 0, 0, FR_ACT_TO_TBL);
    writer.putRaw(0);
    if (rule.priority() != 0) {
      writer.putU32(FRA_PRIORITY, (int) rule.priority());
    }
    writer.putU32(FRA_FWMARK, (int) rule.mark());
    writer.putU32(FRA_FWMASK, (int) rule.mask());
    writer.putU32(FRA_TABLE, (int) rule.table());
    writer.end();
  }

  /** Reads a rule; null for other messages, and for rules that look at more than the mark. */
  static @Nullable MarkRule read(MessageReader message) {
    AddressFamily family = AddressBytes.family(message);
    if (message.type() != RTM_NEWRULE
        || family == null
        || message.headerByte(7) != FR_ACT_TO_TBL
        || message.headerByte(3) != 0
        || (message.headerInt(8) & FIB_RULE_INVERT) != 0) {
      return null;
    }
    long mark = 0;
    long mask = 0;
    long priority = 0;
    long table = message.headerByte(4);
    AttributeReader attributes = new AttributeReader();
    message.attributes(FIB_RULE_HDR, attributes);
    while (attributes.next()) {
      switch (attributes.type()) {
        case FRA_FWMARK -> mark = Integer.toUnsignedLong(attributes.u32());
        case FRA_FWMASK -> mask = Integer.toUnsignedLong(attributes.u32());
        case FRA_PRIORITY -> priority = Integer.toUnsignedLong(attributes.u32());
        case FRA_TABLE -> table = Integer.toUnsignedLong(attributes.u32());
        case Rtnetlink.FRA_DST,
            Rtnetlink.FRA_SRC,
            Rtnetlink.FRA_IIFNAME,
            Rtnetlink.FRA_OIFNAME,
            Rtnetlink.FRA_UID_RANGE,
            Rtnetlink.FRA_IP_PROTO,
            Rtnetlink.FRA_SPORT_RANGE,
            Rtnetlink.FRA_DPORT_RANGE -> {
          return null;
        }
        default -> {}
      }
    }
    return mask == 0 || table == 0 ? null : new MarkRule(family, mark, mask, table, priority);
  }
}
