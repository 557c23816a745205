// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who holds the lock of a host. A lock outlives the process that took it, if the host or the
 * process dies; whoever is on the same machine can tell that it did.
 */
final class LockHolder {

  private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

  private LockHolder() {}

  /** A token for a lock of this process. */
  static String take() {
    String token = UUID.randomUUID().toString();
    HELD.add(token);
    return token;
  }

  /** The lock is not held any more, or its host cannot be reached any more. */
  static void release(String token) {
    HELD.remove(token);
  }

  /** One word that tells this process from all others, and words for people. */
  static String self() {
    ProcessHandle self = ProcessHandle.current();
    return identity(self)
        + " "
        + Printable.of(System.getProperty("user.name", "somebody") + ", process " + self.pid());
  }

  private static String identity(ProcessHandle process) {
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return boot() + "/" + process.pid() + "/" + start;
  }

  /** What the kernel calls this boot of this machine. */
  private static String boot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /**
   * The token of a lock that nobody holds any more.
   *
   * @param held the word {@code held}, the token, and what {@link #self} said of the holder
   * @return empty if somebody may hold it
   */
  static Optional<String> abandoned(List<String> held) {
    if (held.size() < 3 || boot().equals("unknown") || !held.get(2).startsWith(boot() + "/")) {
      return Optional.empty();
    }
    String token = held.get(1);
    String holder = held.get(2);
    if (holder.equals(identity(ProcessHandle.current()))) {
      return HELD.contains(token) ? Optional.empty() : Optional.of(token);
    }
    String[] parts = holder.split("/", -1);
    if (parts.length != 3 || !parts[1].matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    boolean lives =
        ProcessHandle.of(Long.parseLong(parts[1]))
            .filter(process -> identity(process).equals(holder))
            .isPresent();
    return lives ? Optional.empty() : Optional.of(token);
  }
}
