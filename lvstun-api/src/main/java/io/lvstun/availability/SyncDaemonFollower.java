// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

import io.lvstun.AddressFamily;
import io.lvstun.Director;
import io.lvstun.RealServer;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
import io.lvstun.state.ServiceState;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the kernel's sync daemon in the role of a VRRP instance: a master sends the state of its
 * connections, every other director receives it.
 *
 * <p>Add it to the listener of a {@link RoleWatch}. It is for directors whose table the library
 * manages; where keepalived manages it, {@code lvs_sync_daemon} does the same. The daemon of the
 * new role starts before the other one stops; the kernel runs both side by side. A daemon of the
 * same role with other settings is replaced. Daemons send no initial copy: a connection that was
 * open when the peer's daemon started is sent when its next packets arrive.
 *
 * <p>While a daemon runs, the kernel refuses real servers whose address family differs from their
 * service's (EINVAL, {@code ip_vs_ctl.c}). So no daemon is started beside such a server, and the
 * error names it. A watch logs what {@link #accept} throws and does not repeat it: call {@link
 * #follow} again when the cause is gone. Thread-safe; calls for one director must not overlap.
 *
 * @since 0.1.0
 */
public final class SyncDaemonFollower implements Consumer<RoleEvent> {

  private final Director director;
  private final String instance;
  private final SyncDaemon daemon;

  private SyncDaemonFollower(Director director, String instance, SyncDaemon daemon) {
    this.director = director;
    this.instance = instance;
    this.daemon = daemon;
  }

  /**
   * Returns a follower. Nothing is started before the first role is known.
   *
   * @param director the director, open
   * @param instance the VRRP instance that is followed
   * @param daemon the daemon's settings; its role does not matter
   * @return the follower
   */
  public static SyncDaemonFollower of(Director director, String instance, SyncDaemon daemon) {
    return new SyncDaemonFollower(
        Objects.requireNonNull(director, "director"),
        Objects.requireNonNull(instance, "instance"),
        Objects.requireNonNull(daemon, "daemon"));
  }

  /**
   * Takes the role of the instance; ignores all other events.
   *
   * @param event what a watch saw
   * @throws io.lvstun.LvsException if the kernel refuses the daemon
   * @throws IllegalStateException if a real server excludes daemons; the message names it
   */
  @Override
  public void accept(RoleEvent event) {
    Objects.requireNonNull(event, "event");
    if (event instanceof RoleEvent.RoleChanged change
        && !change.group()
        && change.name().equals(instance)) {
      follow(change.to());
    }
  }

  /**
   * Runs the daemon of a role, and not the other one.
   *
   * @param role what this director is
   * @throws io.lvstun.LvsException if the kernel refuses the daemon
   * @throws IllegalStateException if a real server excludes daemons; the message names it
   */
  public void follow(VrrpRole role) {
    SyncDaemon wanted =
        withRole(
            Objects.requireNonNull(role, "role") == VrrpRole.MASTER
                ? SyncDaemon.Role.MASTER
                : SyncDaemon.Role.BACKUP);
    List<SyncDaemon> running = director.syncDaemons();
    SyncDaemon same = of(running, wanted.role());
    if (same == null || !sameSettings(same, wanted)) {
      refuseMixedFamilies();
      if (same != null) {
        director.stopSync(wanted.role());
      }
      director.startSync(wanted);
    }
    for (SyncDaemon other : running) {
      if (other.role() != wanted.role()) {
        director.stopSync(other.role());
      }
    }
  }

  private static @Nullable SyncDaemon of(List<SyncDaemon> running, SyncDaemon.Role role) {
    return running.stream().filter(one -> one.role() == role).findFirst().orElse(null);
  }

  /** Whether they are alike, but for a length that the kernel chose. */
  private static boolean sameSettings(SyncDaemon runs, SyncDaemon wanted) {
    return runs.interfaceName().equals(wanted.interfaceName())
        && runs.syncId() == wanted.syncId()
        && (wanted.maxLength() == 0 || runs.maxLength() == wanted.maxLength())
        && runs.group().equals(wanted.group())
        && runs.port() == wanted.port()
        && runs.ttl() == wanted.ttl();
  }

  private SyncDaemon withRole(SyncDaemon.Role role) {
    return new SyncDaemon(
        role,
        daemon.interfaceName(),
        daemon.syncId(),
        daemon.maxLength(),
        daemon.group(),
        daemon.port(),
        daemon.ttl());
  }

  private void refuseMixedFamilies() {
    for (ServiceState state : director.services()) {
      VirtualService service = state.definition();
      for (RealServer server : service.realServers()) {
        AddressFamily family = AddressFamily.of(server.key().address());
        if (family != service.key().family()) {
          throw new IllegalStateException(
              "no sync daemon can run beside "
                  + server.key()
                  + " of "
                  + service.key()
                  + ": the kernel takes servers of another address family than their service's"
                  + " only while no daemon runs. Remove the server, or do without the daemon.");
        }
      }
    }
  }
}
