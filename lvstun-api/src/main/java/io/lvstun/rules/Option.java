// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of ipvsadm 1.31 that a rules text may use, and those that it may not. */
enum Option {
  ADD_SERVICE("add-service", 'A', Value.NONE, Role.COMMAND),
  EDIT_SERVICE("edit-service", 'E', Value.NONE, Role.COMMAND),
  DELETE_SERVICE("delete-service", 'D', Value.NONE, Role.COMMAND),
  CLEAR("clear", 'C', Value.NONE, Role.COMMAND),
  ADD_SERVER("add-server", 'a', Value.NONE, Role.COMMAND),
  EDIT_SERVER("edit-server", 'e', Value.NONE, Role.COMMAND),
  DELETE_SERVER("delete-server", 'd', Value.NONE, Role.COMMAND),
  ZERO("zero", 'Z', Value.NONE, Role.COMMAND),
  SET("set", Value.NONE, Role.COMMAND),
  START_DAEMON("start-daemon", Value.REQUIRED, Role.COMMAND),
  STOP_DAEMON("stop-daemon", Value.REQUIRED, Role.COMMAND),

  LIST("list", 'L', Value.NONE, Role.NO_CHANGE),
  LIST_AGAIN("list", 'l', Value.NONE, Role.NO_CHANGE),
  HELP("help", 'h', Value.NONE, Role.NO_CHANGE),
  VERSION("version", 'v', Value.NONE, Role.NO_CHANGE),
  RESTORE("restore", 'R', Value.NONE, Role.NO_CHANGE),
  SAVE("save", 'S', Value.NONE, Role.NO_CHANGE),

  TCP_SERVICE("tcp-service", 't', Value.REQUIRED, Role.DETAIL),
  UDP_SERVICE("udp-service", 'u', Value.REQUIRED, Role.DETAIL),
  SCTP_SERVICE("sctp-service", Value.REQUIRED, Role.DETAIL),
  FWMARK_SERVICE("fwmark-service", 'f', Value.REQUIRED, Role.DETAIL),
  IPV6("ipv6", '6', Value.NONE, Role.DETAIL),
  SCHEDULER("scheduler", 's', Value.REQUIRED, Role.DETAIL),
  PERSISTENT("persistent", 'p', Value.OPTIONAL, Role.DETAIL),
  NETMASK("netmask", 'M', Value.REQUIRED, Role.DETAIL),
  ENGINE("pe", Value.REQUIRED, Role.DETAIL),
  SCHED_FLAGS("sched-flags", 'b', Value.REQUIRED, Role.DETAIL),
  ONE_PACKET("ops", 'o', Value.NONE, Role.DETAIL),
  REAL_SERVER("real-server", 'r', Value.REQUIRED, Role.DETAIL),
  MASQUERADING("masquerading", 'm', Value.NONE, Role.DETAIL),
  IPIP("ipip", 'i', Value.NONE, Role.DETAIL),
  GATEWAYING("gatewaying", 'g', Value.NONE, Role.DETAIL),
  WEIGHT("weight", 'w', Value.REQUIRED, Role.DETAIL),
  UPPER_THRESHOLD("u-threshold", 'x', Value.REQUIRED, Role.DETAIL),
  LOWER_THRESHOLD("l-threshold", 'y', Value.REQUIRED, Role.DETAIL),
  TUNNEL_TYPE("tun-type", Value.REQUIRED, Role.DETAIL),
  TUNNEL_PORT("tun-port", Value.REQUIRED, Role.DETAIL),
  TUNNEL_NO_CHECKSUM("tun-nocsum", Value.NONE, Role.DETAIL),
  TUNNEL_CHECKSUM("tun-csum", Value.NONE, Role.DETAIL),
  TUNNEL_REMOTE_CHECKSUM("tun-remcsum", Value.NONE, Role.DETAIL),
  SYNC_ID("syncid", Value.REQUIRED, Role.DETAIL),
  SYNC_MAXLEN("sync-maxlen", Value.REQUIRED, Role.DETAIL),
  MCAST_INTERFACE("mcast-interface", Value.REQUIRED, Role.DETAIL),
  MCAST_GROUP("mcast-group", Value.REQUIRED, Role.DETAIL),
  MCAST_PORT("mcast-port", Value.REQUIRED, Role.DETAIL),
  MCAST_TTL("mcast-ttl", Value.REQUIRED, Role.DETAIL),

  /** Does nothing, with every command. */
  SORT("sort", Value.NONE, Role.DETAIL),

  NUMERIC("numeric", 'n', Value.NONE, Role.LISTING),
  CONNECTION("connection", 'c', Value.NONE, Role.LISTING),
  TIMEOUT("timeout", Value.NONE, Role.LISTING),
  DAEMON("daemon", Value.NONE, Role.LISTING),
  STATS("stats", Value.NONE, Role.LISTING),
  RATE("rate", Value.NONE, Role.LISTING),
  THRESHOLDS("thresholds", Value.NONE, Role.LISTING),
  PERSISTENT_CONN("persistent-conn", Value.NONE, Role.LISTING),
  NO_SORT("nosort", Value.NONE, Role.LISTING),
  EXACT("exact", 'X', Value.NONE, Role.LISTING),
  TUN_INFO("tun-info", Value.NONE, Role.LISTING);

  /** Whether an option takes a value. */
  enum Value {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  /** What an option is for. */
  enum Role {
    /** Comes first and says what is done. */
    COMMAND,
    /** A command that changes nothing. */
    NO_CHANGE,
    /** Belongs to a command. */
    DETAIL,
    /** Belongs to lists. */
    LISTING
  }

  private static final char LONG_ONLY = 0;
  private static final Map<String, Option> BY_NAME = new HashMap<>();
  private static final Map<Character, Option> BY_LETTER = new HashMap<>();

  static {
    for (Option option : values()) {
      BY_NAME.putIfAbsent(option.longName, option);
      if (option.letter != LONG_ONLY) {
        BY_LETTER.put(option.letter, option);
      }
    }
  }

  private final String longName;
  private final char letter;
  private final Value value;
  private final Role role;

  Option(String longName, Value value, Role role) {
    this(longName, LONG_ONLY, value, role);
  }

  Option(String longName, char letter, Value value, Role role) {
    this.longName = longName;
    this.letter = letter;
    this.value = value;
    this.role = role;
  }

  static @Nullable Option named(String longName) {
    return BY_NAME.get(longName);
  }

  static @Nullable Option lettered(char letter) {
    return BY_LETTER.get(letter);
  }

  String longName() {
    return longName;
  }

  Value value() {
    return value;
  }

  Role role() {
    return role;
  }

  /** Returns the names for messages, for example {@code -w (--weight)}. */
  @Override
  public String toString() {
    return letter == LONG_ONLY ? "--" + longName : "-" + letter + " (--" + longName + ')';
  }
}
