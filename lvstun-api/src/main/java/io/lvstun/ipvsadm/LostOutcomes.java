// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Learns by reading what became of a command whose run was cut short. */
final class LostOutcomes {

  /** What is read of the table; works while the driver is being closed. */
  interface Readings {

    List<ServiceState> services();

    Optional<ServiceState> service(ServiceKey key);

    Timeouts timeouts();

    List<SyncDaemon> syncDaemons();
  }

  private final Readings driver;
  private volatile boolean readable = true;

  LostOutcomes(Readings driver) {
    this.driver = driver;
  }

  /** Whether the last look at the table succeeded: then other commands are worth trying. */
  boolean readable() {
    return readable;
  }

  /**
   * Looks at the table.
   *
   * @param command the command
   * @param event what happened, for the message
   * @return done if the table is as the command wants it, else a time-out that says what is known
   */
  Outcome of(Command command, String event) {
    String known;
    try {
      Optional<Boolean> done = uninterrupted(command);
      readable = true;
      if (done.orElse(false)) {
        return Outcome.done(command);
      }
      known =
          done.isPresent()
              ? "it has not been carried out"
              : "whether it was carried out is not known";
    } catch (LvsException e) {
      readable = false;
      known = "whether it was carried out is not known: " + e.reason();
    }
    return Outcome.failed(
        command,
        new TimeoutException(
            Program.failure(
                new Program.Purpose(command.operation(), command.target()),
                event + "; " + known,
                "Read the state and try again")));
  }

  /** Looks to the end even if the thread is interrupted, and sets its interrupt status again. */
  private Optional<Boolean> uninterrupted(Command command) {
    boolean interrupted = Thread.interrupted();
    try {
      return isDone(command);
    } catch (LvsException e) {
      if (!Thread.interrupted()) {
        throw e;
      }
      // Interrupted while it looked: once more, for what was done must be told.
      interrupted = true;
      return isDone(command);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether the table is as the command wants it; empty if that cannot be told. */
  private Optional<Boolean> isDone(Command command) {
    if (command instanceof Command.AddService add) {
      return Optional.of(hasSettings(add.service()));
    }
    if (command instanceof Command.EditService edit) {
      return Optional.of(hasSettings(edit.service()));
    }
    if (command instanceof Command.RemoveService remove) {
      return Optional.of(driver.service(remove.service()).isEmpty());
    }
    if (command instanceof Command.AddServer add) {
      return Optional.of(
          server(add.service(), add.server().key()).equals(Optional.of(add.server())));
    }
    if (command instanceof Command.EditServer edit) {
      return Optional.of(
          server(edit.service(), edit.server().key()).equals(Optional.of(edit.server())));
    }
    if (command instanceof Command.RemoveServer remove) {
      return Optional.of(server(remove.service(), remove.server()).isEmpty());
    }
    if (command instanceof Command.StartDaemon start) {
      return Optional.of(
          driver.syncDaemons().stream().anyMatch(d -> d.role() == start.daemon().role()));
    }
    if (command instanceof Command.StopDaemon stop) {
      return Optional.of(driver.syncDaemons().stream().noneMatch(d -> d.role() == stop.role()));
    }
    if (command instanceof Command.SetTimeouts set) {
      return Optional.of(hasTimeouts(set.timeouts()));
    }
    if (command instanceof Command.Flush) {
      return Optional.of(driver.services().isEmpty());
    }
    // Counters grow again at once.
    return Optional.empty();
  }

  private boolean hasSettings(VirtualService wanted) {
    return driver
        .service(wanted.key())
        .map(ServiceState::definition)
        .map(VirtualService::withoutRealServers)
        .equals(Optional.of(wanted));
  }

  private Optional<RealServer> server(ServiceKey service, ServerKey server) {
    return driver
        .service(service)
        .flatMap(
            state ->
                state.definition().realServers().stream()
                    .filter(candidate -> candidate.key().equals(server))
                    .findFirst());
  }

  private boolean hasTimeouts(Timeouts wanted) {
    Timeouts actual = driver.timeouts();
    return matches(wanted.tcp(), actual.tcp())
        && matches(wanted.tcpFin(), actual.tcpFin())
        && matches(wanted.udp(), actual.udp());
  }

  private static boolean matches(Duration wanted, Duration actual) {
    return wanted.isZero() || wanted.equals(actual);
  }
}
