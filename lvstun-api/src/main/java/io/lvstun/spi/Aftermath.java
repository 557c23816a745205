// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.Command;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Determines the outcome of unanswered commands (lost, interrupted, or cut off by a deadline) from
 * the table. The only place that decides this, for every driver.
 *
 * @since 0.1.0
 */
public final class Aftermath {

  /**
   * What became of a command.
   *
   * @since 0.1.0
   */
  public enum Fate {
    /** The state is as the command wanted it. */
    DONE,
    /** The state is not as the command wanted it. */
    NOT_DONE,
    /** The state is not as the command wanted it, but a later command changed the same thing. */
    UNKNOWN,
    /** Commands of this kind leave nothing to see: counters grow again at once. */
    WITHOUT_TRACE
  }

  /**
   * What is read of the table.
   *
   * @since 0.1.0
   */
  public interface Readings {

    /**
     * Reads all services, verified.
     *
     * @return the services
     */
    List<ServiceState> services();

    /**
     * Reads one service.
     *
     * @param key which service
     * @return empty if there is none
     */
    Optional<ServiceState> service(ServiceKey key);

    /**
     * Reads the time-outs.
     *
     * @return the time-outs
     */
    Timeouts timeouts();

    /**
     * Reads the sync daemons.
     *
     * @return those that run
     */
    List<SyncDaemon> syncDaemons();
  }

  private final Readings readings;
  private final Map<ServiceKey, Optional<ServiceState>> services = new HashMap<>();

  // What commands further back in the batch touch.
  private final Set<ServiceKey> settingsTouched = new HashSet<>();
  private final Set<ServiceKey> existenceTouched = new HashSet<>();
  private final Map<ServiceKey, Set<ServerKey>> serversTouched = new HashMap<>();
  private final Set<SyncDaemon.Role> daemonsTouched = new HashSet<>();
  private boolean timeoutsTouched;
  private boolean anyServiceAdded;
  private boolean flushed;

  private Aftermath(Readings readings) {
    this.readings = readings;
  }

  /**
   * Reads the state and decides what became of one command.
   *
   * @param command the command
   * @param readings reads the state; what it throws is passed on
   * @return what became of it
   */
  public static Fate of(Command command, Readings readings) {
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(readings, "readings");
    return new Aftermath(readings).judge(command);
  }

  /**
   * Reads the state and decides what became of those commands of a batch whose answers are missing.
   *
   * @param commands what was sent, in order
   * @param errors the error number of each: 0 for done, negative where the answer is missing
   * @param readings reads the state; what it throws is passed on
   * @return what became of each command; {@link Fate#UNKNOWN} where there was an answer
   */
  public static List<Fate> of(List<Command> commands, int[] errors, Readings readings) {
    Objects.requireNonNull(commands, "commands");
    Objects.requireNonNull(errors, "errors");
    Objects.requireNonNull(readings, "readings");
    Aftermath aftermath = new Aftermath(readings);
    Fate[] fates = new Fate[commands.size()];
    for (int i = fates.length - 1; i >= 0; i--) {
      Command command = commands.get(i);
      fates[i] = errors[i] < 0 ? aftermath.judge(command) : Fate.UNKNOWN;
      if (errors[i] <= 0) {
        aftermath.touch(command);
      }
    }
    return List.of(fates);
  }

  private Fate judge(Command command) {
    if (command instanceof Command.AddService add) {
      return judgeSettings(add.service());
    }
    if (command instanceof Command.EditService edit) {
      return judgeSettings(edit.service());
    }
    if (command instanceof Command.RemoveService remove) {
      ServiceKey key = remove.service();
      return fate(service(key).isEmpty(), hidden(key));
    }
    if (command instanceof Command.AddServer add) {
      return judgeServer(add.service(), add.server());
    }
    if (command instanceof Command.EditServer edit) {
      return judgeServer(edit.service(), edit.server());
    }
    if (command instanceof Command.RemoveServer remove) {
      ServiceKey key = remove.service();
      return fate(
          service(key).isPresent() && server(key, remove.server()).isEmpty(),
          hidden(key, remove.server()));
    }
    if (command instanceof Command.StartDaemon start) {
      SyncDaemon wanted = start.daemon();
      return fate(
          readings.syncDaemons().stream().anyMatch(daemon -> isAsWanted(daemon, wanted)),
          daemonsTouched.contains(wanted.role()));
    }
    if (command instanceof Command.StopDaemon stop) {
      return fate(
          readings.syncDaemons().stream().noneMatch(daemon -> daemon.role() == stop.role()),
          daemonsTouched.contains(stop.role()));
    }
    if (command instanceof Command.SetTimeouts set) {
      return fate(areAsWanted(readings.timeouts(), set.timeouts()), timeoutsTouched);
    }
    if (command instanceof Command.Flush) {
      return fate(readings.services().isEmpty(), anyServiceAdded);
    }
    return Fate.WITHOUT_TRACE;
  }

  private static Fate fate(boolean asWanted, boolean hidden) {
    if (asWanted) {
      return Fate.DONE;
    }
    return hidden ? Fate.UNKNOWN : Fate.NOT_DONE;
  }

  private Fate judgeSettings(VirtualService wanted) {
    ServiceKey key = wanted.key();
    boolean asWanted =
        service(key)
            .map(state -> state.definition().withoutRealServers().equals(wanted))
            .orElse(false);
    return fate(asWanted, hidden(key) || settingsTouched.contains(key));
  }

  private Fate judgeServer(ServiceKey service, RealServer wanted) {
    boolean asWanted =
        server(service, wanted.key()).map(state -> state.definition().equals(wanted)).orElse(false);
    return fate(asWanted, hidden(service, wanted.key()));
  }

  private static boolean isAsWanted(SyncDaemon daemon, SyncDaemon wanted) {
    // A length of 0 leaves the choice to the kernel, which reports what it chose.
    int length = wanted.maxLength() == 0 ? 0 : daemon.maxLength();
    return daemon.maxLength(length).equals(wanted);
  }

  private static boolean areAsWanted(Timeouts present, Timeouts wanted) {
    return isAsWanted(present.tcp(), wanted.tcp())
        && isAsWanted(present.tcpFin(), wanted.tcpFin())
        && isAsWanted(present.udp(), wanted.udp());
  }

  private static boolean isAsWanted(Duration present, Duration wanted) {
    return wanted.isZero() || wanted.equals(present);
  }

  // -- what later commands hide -------------------------------------------------------------------

  private boolean hidden(ServiceKey service) {
    return flushed || existenceTouched.contains(service);
  }

  private boolean hidden(ServiceKey service, ServerKey server) {
    return hidden(service) || serversTouched.getOrDefault(service, Set.of()).contains(server);
  }

  private void touch(Command command) {
    if (command instanceof Command.AddService add) {
      anyServiceAdded = true;
      existenceTouched.add(add.service().key());
    } else if (command instanceof Command.EditService edit) {
      settingsTouched.add(edit.service().key());
    } else if (command instanceof Command.RemoveService remove) {
      existenceTouched.add(remove.service());
    } else if (command instanceof Command.AddServer add) {
      touch(add.service(), add.server().key());
    } else if (command instanceof Command.EditServer edit) {
      touch(edit.service(), edit.server().key());
    } else if (command instanceof Command.RemoveServer remove) {
      touch(remove.service(), remove.server());
    } else if (command instanceof Command.StartDaemon start) {
      daemonsTouched.add(start.daemon().role());
    } else if (command instanceof Command.StopDaemon stop) {
      daemonsTouched.add(stop.role());
    } else if (command instanceof Command.SetTimeouts) {
      timeoutsTouched = true;
    } else if (command instanceof Command.Flush) {
      flushed = true;
    }
  }

  private void touch(ServiceKey service, ServerKey server) {
    serversTouched.computeIfAbsent(service, key -> new HashSet<>()).add(server);
  }

  // -- the state ----------------------------------------------------------------------------------

  private Optional<ServiceState> service(ServiceKey key) {
    return services.computeIfAbsent(key, wanted -> readings.service(wanted));
  }

  private Optional<ServerState> server(ServiceKey service, ServerKey server) {
    return service(service).stream()
        .flatMap(state -> state.servers().stream())
        .filter(state -> state.key().equals(server))
        .findFirst();
  }
}
