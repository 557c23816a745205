// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.Timeouts;
import java.util.Objects;
import java.util.Optional;

/**
 * What keepalived's {@code global_defs} sets.
 *
 * <p>Immutable.
 *
 * @param routerId the name of the machine in messages
 * @param syncDaemon the sync daemon
 * @param timeouts the connection time-outs; 0 leaves one unchanged
 * @param flush whether the table is emptied at the start
 * @param flushOnStop whether the table is emptied at the end at once, not piece by piece
 * @param notifyFifo the FIFO that changes of state are written to
 * @param scriptUser the user, and perhaps the group, that commands run as
 * @param scriptSecurity whether commands that others than root may change are not run as root
 * @since 0.1.0
 */
public record GlobalSettings(
    Optional<String> routerId,
    Optional<SyncDaemonSetting> syncDaemon,
    Timeouts timeouts,
    boolean flush,
    boolean flushOnStop,
    Optional<String> notifyFifo,
    Optional<String> scriptUser,
    boolean scriptSecurity) {

  /** Nothing is set. */
  public static final GlobalSettings DEFAULT =
      new GlobalSettings(
          Optional.empty(),
          Optional.empty(),
          Timeouts.UNCHANGED,
          false,
          false,
          Optional.empty(),
          Optional.empty(),
          false);

  /**
   * Checks what is written as text.
   *
   * @throws IllegalArgumentException if it cannot be written
   */
  public GlobalSettings {
    Objects.requireNonNull(syncDaemon, "syncDaemon");
    Objects.requireNonNull(timeouts, "timeouts");
    routerId.ifPresent(value -> Checked.text("router_id", value));
    notifyFifo.ifPresent(value -> Checked.text("notify_fifo", value));
    scriptUser.ifPresent(value -> Checked.words("script_user", value));
  }

  /**
   * Returns a copy with another router id.
   *
   * @param routerId the name of the machine in messages
   * @return a copy
   * @throws IllegalArgumentException if it cannot be written
   */
  public GlobalSettings routerId(String routerId) {
    Objects.requireNonNull(routerId, "routerId");
    return new GlobalSettings(
        Optional.of(routerId),
        syncDaemon,
        timeouts,
        flush,
        flushOnStop,
        notifyFifo,
        scriptUser,
        scriptSecurity);
  }

  /**
   * Returns a copy with another sync daemon.
   *
   * @param syncDaemon the sync daemon
   * @return a copy
   */
  public GlobalSettings syncDaemon(SyncDaemonSetting syncDaemon) {
    Objects.requireNonNull(syncDaemon, "syncDaemon");
    return new GlobalSettings(
        routerId,
        Optional.of(syncDaemon),
        timeouts,
        flush,
        flushOnStop,
        notifyFifo,
        scriptUser,
        scriptSecurity);
  }

  /**
   * Returns a copy with another set of connection time-outs.
   *
   * @param timeouts the time-outs; 0 leaves one unchanged
   * @return a copy
   */
  public GlobalSettings timeouts(Timeouts timeouts) {
    return new GlobalSettings(
        routerId, syncDaemon, timeouts, flush, flushOnStop, notifyFifo, scriptUser, scriptSecurity);
  }

  /**
   * Returns a copy with another choice.
   *
   * @param flush whether the table is emptied at the start
   * @return a copy
   */
  public GlobalSettings flush(boolean flush) {
    return new GlobalSettings(
        routerId, syncDaemon, timeouts, flush, flushOnStop, notifyFifo, scriptUser, scriptSecurity);
  }

  /**
   * Returns a copy with another choice.
   *
   * @param flushOnStop whether the table is emptied at the end at once
   * @return a copy
   */
  public GlobalSettings flushOnStop(boolean flushOnStop) {
    return new GlobalSettings(
        routerId, syncDaemon, timeouts, flush, flushOnStop, notifyFifo, scriptUser, scriptSecurity);
  }

  /**
   * Returns a copy with another FIFO.
   *
   * @param notifyFifo the path of the FIFO that changes of state are written to
   * @return a copy
   * @throws IllegalArgumentException if it cannot be written
   */
  public GlobalSettings notifyFifo(String notifyFifo) {
    Objects.requireNonNull(notifyFifo, "notifyFifo");
    return new GlobalSettings(
        routerId,
        syncDaemon,
        timeouts,
        flush,
        flushOnStop,
        Optional.of(notifyFifo),
        scriptUser,
        scriptSecurity);
  }

  /**
   * Returns a copy with another user.
   *
   * @param scriptUser the user, and perhaps the group, that commands run as
   * @return a copy
   * @throws IllegalArgumentException if it cannot be written
   */
  public GlobalSettings scriptUser(String scriptUser) {
    Objects.requireNonNull(scriptUser, "scriptUser");
    return new GlobalSettings(
        routerId,
        syncDaemon,
        timeouts,
        flush,
        flushOnStop,
        notifyFifo,
        Optional.of(scriptUser),
        scriptSecurity);
  }

  /**
   * Returns a copy with another choice.
   *
   * @param scriptSecurity whether commands that others than root may change are not run as root
   * @return a copy
   */
  public GlobalSettings scriptSecurity(boolean scriptSecurity) {
    return new GlobalSettings(
        routerId, syncDaemon, timeouts, flush, flushOnStop, notifyFifo, scriptUser, scriptSecurity);
  }
}
