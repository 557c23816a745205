// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.Outcome;
import io.lvstun.state.Connection;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The tables in memory with faults, each command looked at before and after. */
final class WatchedDriver implements IpvsDriver {

  private final Simulation world;

  WatchedDriver(Simulation world) {
    this.world = world;
  }

  private boolean unlucky(int share) {
    return world.faults > 0 && world.random.nextInt(1000) < world.faults / share;
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public Map<Capability, String> missing() {
    return Map.of();
  }

  @Override
  public List<Outcome> execute(List<Command> commands) {
    List<Outcome> outcomes = new ArrayList<>(commands.size());
    for (Command command : commands) {
      outcomes.add(execute(command));
    }
    return outcomes;
  }

  private Outcome execute(Command command) {
    if (unlucky(2)) {
      KernelError error = world.random.nextBoolean() ? KernelError.EBUSY : KernelError.ENOMEM;
      world.watch.refused(command);
      return Outcome.failed(
          command, KernelError.refused(name(), command, error.number(), error.number(), ""));
    }
    if (unlucky(1)) {
      world.now += world.random.nextInt(4000);
    }
    world.watch.step();
    world.watch.before(command);
    Outcome outcome = world.kernel.execute(List.of(command)).get(0);
    world.trace(
        "command " + command + outcome.failure().map(e -> " FAILS " + e.reason()).orElse(""));
    if (outcome.error() == null) {
      world.watch.after(command);
    } else {
      world.watch.refused(command);
    }
    world.watch.step();
    if (unlucky(2)) {
      world.watch.refused(command);
      return Outcome.failed(
          command,
          new TimeoutException(
              new LvsException.Failure(
                  command.operation(), command.target(), name(), "lost", OptionalInt.empty(), "")));
    }
    return outcome;
  }

  @Override
  public List<ServiceState> services(Consistency consistency) {
    trouble("read services");
    List<ServiceState> all = world.kernel.services(consistency);
    if (consistency == Consistency.SINGLE_PASS && world.random.nextInt(50) == 0) {
      return lessThan(all);
    }
    return all;
  }

  /** A dump can miss entries while others write. */
  private List<ServiceState> lessThan(List<ServiceState> all) {
    List<ServiceState> some = new ArrayList<>(all);
    if (!some.isEmpty()) {
      some.remove(world.random.nextInt(some.size()));
    }
    return some;
  }

  @Override
  public Optional<ServiceState> service(ServiceKey key) {
    trouble("read service");
    return world.kernel.service(key);
  }

  private void trouble(String operation) {
    world.watch.step();
    if (unlucky(3)) {
      throw Simulation.trouble(operation, "no buffer space");
    }
  }

  @Override
  public Timeouts timeouts() {
    return world.kernel.timeouts();
  }

  @Override
  public List<SyncDaemon> syncDaemons() {
    return world.kernel.syncDaemons();
  }

  @Override
  public IpvsInfo info() {
    return world.kernel.info();
  }

  @Override
  public Stream<Connection> connections() {
    return world.kernel.connections();
  }

  @Override
  public void close() {
    // The kernel goes on.
  }
}
