// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a {@link RoleWatch} saw.
 *
 * @since 0.1.0
 */
public sealed interface RoleEvent {

  /**
   * Returns when it was seen.
   *
   * @return the time by the clock of this machine
   */
  Instant at();

  /**
   * Where a role is known from.
   *
   * @since 0.1.0
   */
  enum Source {
    /** keepalived wrote it to its notify FIFO. */
    FIFO,
    /** The kernel has, or lacks, the instance's virtual addresses. */
    ADDRESSES
  }

  /**
   * An instance or a sync group has another role.
   *
   * @param at when it was seen
   * @param name the instance's name, or the sync group's
   * @param group whether it is a sync group
   * @param from its role before; empty for the first one known
   * @param to its role now
   * @param source where it is known from
   * @param priority the VRRP priority as keepalived wrote it; empty for groups and addresses
   * @since 0.1.0
   */
  record RoleChanged(
      Instant at,
      String name,
      boolean group,
      Optional<VrrpRole> from,
      VrrpRole to,
      Source source,
      OptionalInt priority)
      implements RoleEvent {

    /** Checks the values. */
    public RoleChanged {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(priority, "priority");
    }

    /** Returns for example {@code VI_1: BACKUP -> MASTER (FIFO, priority 100)}. */
    @Override
    public String toString() {
      return name
          + ": "
          + from.map(role -> role + " -> ").orElse("")
          + to
          + " ("
          + source
          + (priority.isPresent() ? ", priority " + priority.getAsInt() : "")
          + ")";
    }
  }

  /**
   * The FIFO has a line that keepalived does not write. Somebody else did; it changes no role.
   *
   * @param at when it was read
   * @param line the line's beginning, harmless to terminals
   * @param reason what is wrong with it
   * @since 0.1.0
   */
  record LineRefused(Instant at, String line, String reason) implements RoleEvent {

    /** Checks the values. */
    public LineRefused {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(line, "line");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The FIFO is open: what keepalived writes is heard from now on.
   *
   * @param at when it was opened
   * @param fifo its path
   * @since 0.1.0
   */
  record FifoOpened(Instant at, Path fifo) implements RoleEvent {

    /** Checks the values. */
    public FifoOpened {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(fifo, "fifo");
    }
  }

  /**
   * The FIFO is not there, or cannot be trusted. Roles are known from addresses alone until it is
   * opened again.
   *
   * @param at when it was seen
   * @param fifo its path
   * @param reason what is wrong with it
   * @since 0.1.0
   */
  record FifoLost(Instant at, Path fifo, String reason) implements RoleEvent {

    /** Checks the values. */
    public FifoLost {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(fifo, "fifo");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * It could not be learnt whether the virtual addresses are local. Roles stay as they were.
   *
   * @param at when it was tried
   * @param name the instance's name
   * @param reason what failed
   * @since 0.1.0
   */
  record AddressesUnknown(Instant at, String name, String reason) implements RoleEvent {

    /** Checks the values. */
    public AddressesUnknown {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(reason, "reason");
    }
  }
}
