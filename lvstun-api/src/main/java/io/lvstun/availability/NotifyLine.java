// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A line of keepalived's notify FIFO, {@code INSTANCE "VI_1" MASTER 100} for example: keepalived's
 * {@code notify_fifo} in {@code vrrp_notify.c}, 2.2.7.
 *
 * @param group whether it speaks of a sync group
 * @param name the name between the quotes
 * @param role the role; empty for what changes none, {@code MASTER_RX_LOWER_PRI} for example
 * @param priority the priority; empty if there is none
 */
record NotifyLine(boolean group, String name, Optional<VrrpRole> role, OptionalInt priority) {

  /**
   * Reads a line.
   *
   * @return empty for lines of the checkers, which speak of servers and not of roles
   * @throws IllegalArgumentException if keepalived writes no such line; the message says why
   */
  static Optional<NotifyLine> parse(String line) {
    if (line.startsWith("VS ") || line.startsWith("RS ")) {
      return Optional.empty();
    }
    boolean group = line.startsWith("GROUP ");
    if (!group && !line.startsWith("INSTANCE ")) {
      throw new IllegalArgumentException("it begins with neither INSTANCE nor GROUP");
    }
    int open = line.indexOf('"');
    int close = line.lastIndexOf('"');
    if (open != (group ? "GROUP " : "INSTANCE ").length() || close - open < 2) {
      throw new IllegalArgumentException("it has no name between quotes");
    }
    String[] words = line.substring(close + 1).strip().split(" +", -1);
    if (words.length > 2) {
      throw new IllegalArgumentException("it has more than a state and a priority");
    }
    return Optional.of(
        new NotifyLine(
            group,
            line.substring(open + 1, close),
            role(words[0]),
            words.length == 2 ? OptionalInt.of(priority(words[1])) : OptionalInt.empty()));
  }

  private static Optional<VrrpRole> role(String word) {
    return switch (word) {
      case "MASTER" -> Optional.of(VrrpRole.MASTER);
      case "BACKUP" -> Optional.of(VrrpRole.BACKUP);
      case "FAULT" -> Optional.of(VrrpRole.FAULT);
      case "STOP", "DELETED" -> Optional.of(VrrpRole.STOPPED);
      case "MASTER_RX_LOWER_PRI", "MASTER_PRIORITY", "BACKUP_PRIORITY" -> Optional.empty();
      default -> throw new IllegalArgumentException("it has no state that keepalived knows");
    };
  }

  private static int priority(String word) {
    if (word.isEmpty() || word.length() > 3 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("its priority is no number from 0 to 255");
    }
    int value = Integer.parseInt(word);
    if (value > 255) {
      throw new IllegalArgumentException("its priority is no number from 0 to 255");
    }
    return value;
  }
}
