// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static io.lvstun.rules.Token.error;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.SyncDaemon;
import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;

/** What the options of sync daemons say. */
final class DaemonOptions {

  private final Map<Option, Token> words;

  DaemonOptions(Map<Option, Token> words) {
    this.words = words;
  }

  static SyncDaemon.Role role(GivenOption given) {
    Token value = Objects.requireNonNull(given.value());
    return switch (value.text()) {
      case "master" -> SyncDaemon.Role.MASTER;
      case "backup" -> SyncDaemon.Role.BACKUP;
      default -> throw error(value, "master or backup");
    };
  }

  SyncDaemon daemon(SyncDaemon.Role role) {
    Token name = words.get(Option.MCAST_INTERFACE);
    int syncId = syncId();
    int maxLength = number(Option.SYNC_MAXLEN, "a length", 1, 65507, 0);
    int daemonPort = number(Option.MCAST_PORT, "a port", 1, 65535, SyncDaemon.DEFAULT_PORT);
    int ttl = number(Option.MCAST_TTL, "a time-to-live", 1, 255, 1);
    InetAddress group = group();
    String interfaceName = "eth0";
    if (name != null) {
      Operands.requirePlain(name, "an interface");
      interfaceName = name.text();
    }
    try {
      return new SyncDaemon(role, interfaceName, syncId, maxLength, group, daemonPort, ttl);
    } catch (IllegalArgumentException e) {
      throw error(Objects.requireNonNull(name), "an interface name of 1 to 15 characters", e);
    }
  }

  @CanIgnoreReturnValue
  int syncId() {
    return number(Option.SYNC_ID, "a sync id", 0, 255, 0);
  }

  private InetAddress group() {
    Token word = words.get(Option.MCAST_GROUP);
    if (word == null) {
      return SyncDaemon.DEFAULT_GROUP;
    }
    InetAddress group = Operands.literal(word, "a multicast address");
    if (!group.isMulticastAddress()) {
      throw error(word, "a multicast address");
    }
    return group;
  }

  private int number(Option option, String what, int least, int most, int absent) {
    Token word = words.get(option);
    return word == null ? absent : Operands.number(word, what, least, most);
  }
}
