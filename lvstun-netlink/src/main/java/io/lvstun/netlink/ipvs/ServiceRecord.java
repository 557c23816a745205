// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.Protocol;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.netlink.ipvs.Decoder.ServiceHead;
import io.lvstun.netlink.message.MessageReader;

/**
 * Where the values of a service are in the kernel's answer, so that they can be read without
 * walking over the attributes.
 *
 * <p>Kernels from 4.1 on write the attributes of a service that has an address, and no persistence
 * engine, always in this order, each but the scheduler's name of fixed length
 * (ip_vs_genl_fill_service() in ip_vs_ctl.c; seen on 6.1 and 6.12). {@link #isUsual} looks at each
 * header, so what differs in any way is found out, and read the other way.
 */
final class ServiceRecord {

  private static final int SERVICE = 20;
  private static final int AF = 24;
  private static final int PROTOCOL = 32;
  private static final int ADDR = 40;
  private static final int PORT = 60;
  private static final int SCHED_NAME = 68;

  // Behind the name.
  private static final int FLAGS = 0;
  private static final int TIMEOUT = 12;
  private static final int NETMASK = 20;
  private static final int STATS = 28;
  private static final int STATS64 = 120;
  private static final int REST = 244;

  private static final int LONGEST_NAME = 16;

  private ServiceRecord() {}

  /** Where the attributes behind the scheduler's name begin; -1 if it is too long, or none. */
  private static int behindName(MessageReader message) {
    int length = Layout.attributeLength(message.word(SCHED_NAME));
    return length < 5 || length > 4 + LONGEST_NAME ? -1 : SCHED_NAME + (length + 3 & ~3);
  }

  /** Whether the message has exactly these attributes at exactly these places. */
  static boolean isUsual(MessageReader message) {
    if (message.messageLength() < SCHED_NAME + REST) {
      return false;
    }
    int behind = behindName(message);
    if (behind < 0 || message.messageLength() != behind + REST) {
      return false;
    }
    int difference =
        Layout.withoutFlags(message.word(SERVICE))
                ^ Layout.header(behind + REST - SERVICE, Ipvs.IPVS_CMD_ATTR_SERVICE)
            | message.word(AF) ^ Layout.header(6, Ipvs.IPVS_SVC_ATTR_AF)
            | message.word(PROTOCOL) ^ Layout.header(6, Ipvs.IPVS_SVC_ATTR_PROTOCOL)
            | message.word(ADDR) ^ Layout.header(20, Ipvs.IPVS_SVC_ATTR_ADDR)
            | message.word(PORT) ^ Layout.header(6, Ipvs.IPVS_SVC_ATTR_PORT)
            | Layout.attributeType(message.word(SCHED_NAME)) ^ Ipvs.IPVS_SVC_ATTR_SCHED_NAME
            | message.word(behind + FLAGS) ^ Layout.header(12, Ipvs.IPVS_SVC_ATTR_FLAGS)
            | message.word(behind + TIMEOUT) ^ Layout.header(8, Ipvs.IPVS_SVC_ATTR_TIMEOUT)
            | message.word(behind + NETMASK) ^ Layout.header(8, Ipvs.IPVS_SVC_ATTR_NETMASK)
            | Layout.withoutFlags(message.word(behind + STATS))
                ^ Layout.header(92, Ipvs.IPVS_SVC_ATTR_STATS);
    return (difference
            | Layout.differenceOfFigures(message, behind + STATS64, Ipvs.IPVS_SVC_ATTR_STATS64))
        == 0;
  }

  /** Whether this is the name of the scheduler. */
  static boolean hasScheduler(MessageReader message, String name) {
    int length = name.length();
    if (Layout.attributeLength(message.word(SCHED_NAME)) != 4 + length + 1) {
      return false;
    }
    for (int i = 0; i <= length; i++) {
      int expected = i == length ? 0 : name.charAt(i);
      if (message.octet(SCHED_NAME + 4 + i) != expected) {
        return false;
      }
    }
    return true;
  }

  /** Reads a message that {@link #isUsual} and {@link #hasScheduler}. */
  static ServiceHead read(MessageReader message, Scheduler scheduler, Addresses addresses) {
    AddressFamily family = Decoder.family(Layout.firstHalf(message.word(AF + 4)));
    int behind = behindName(message);
    return Decoder.serviceHead(
        new ServiceKey.Endpoint(
            Protocol.of(Layout.firstHalf(message.word(PROTOCOL + 4))),
            Layout.address(message, ADDR, family, addresses),
            Layout.networkOrder(message.word(PORT + 4)) >>> 16),
        scheduler,
        message.word(behind + FLAGS + 4),
        message.word(behind + TIMEOUT + 4),
        Layout.networkOrder(message.word(behind + NETMASK + 4)),
        null,
        Layout.counters(message, behind + STATS64),
        Layout.rates(message, behind + STATS64));
  }
}
