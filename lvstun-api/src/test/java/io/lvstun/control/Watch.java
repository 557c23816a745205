// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.health.Health;
import io.lvstun.health.PoolPolicy;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must hold of every command, and of the table when nothing has happened for a while. It knows
 * what the simulated world told the controller, and thinks for itself what follows from that.
 */
final class Watch {

  private final Simulation world;
  private final Map<ServiceKey, Long> refusals = new HashMap<>();
  private boolean interfered;
  private int serving;

  /** The process dies after so many steps; 0 for never. */
  int crashAfter;

  Watch(Simulation world) {
    this.world = world;
  }

  void step() {
    if (crashAfter > 0 && --crashAfter == 0) {
      throw new Simulation.Crash();
    }
    if (world.faults > 0 && world.random.nextInt(3000) < world.faults / 10) {
      interfered = true;
      interfere();
    }
  }

  /** Another program writes between two steps of the controller. */
  private void interfere() {
    List<ServiceState> states = world.others.services(Consistency.SINGLE_PASS);
    if (!states.isEmpty()) {
      ServiceState state = states.get(world.random.nextInt(states.size()));
      if (!world.foreign.containsKey(state.key()) && !state.servers().isEmpty()) {
        world.trace("others, meanwhile: -d " + state.servers().get(0));
        var unused =
            world.others.execute(
                List.of(new Command.RemoveServer(state.key(), state.servers().get(0).key())));
      }
    }
  }

  void boundary() {
    interfered = false;
  }

  void restarted() {
    refusals.clear();
    interfered = false;
  }

  void refused(Command command) {
    ServiceKey key = serviceOf(command);
    if (key != null) {
      refusals.put(key, world.now);
    }
  }

  private static ServiceKey serviceOf(Command command) {
    if (command instanceof Command.AddService add) {
      return add.service().key();
    } else if (command instanceof Command.EditService edit) {
      return edit.service().key();
    } else if (command instanceof Command.RemoveService remove) {
      return remove.service();
    } else if (command instanceof Command.AddServer add) {
      return add.service();
    } else if (command instanceof Command.EditServer edit) {
      return edit.service();
    } else if (command instanceof Command.RemoveServer remove) {
      return remove.service();
    }
    return null;
  }

  private AssertionError violation(SafetyRule rule, Object what) {
    return new AssertionError(rule + " is broken: " + what);
  }

  // -- every command ------------------------------------------------------------------------------

  void before(Command command) {
    ServiceKey key = serviceOf(command);
    DesiredState stored = world.store.state();
    if (key == null || !stored.owns(key)) {
      SafetyRule rule =
          key != null && world.foreign.containsKey(key)
              ? SafetyRule.ONLY_OWNED
              : SafetyRule.STORE_FIRST;
      throw violation(rule, command + ", and the store does not own the service");
    }
    ManagedService service = stored.services().get(key);
    if (service == null) {
      if (!(command instanceof Command.RemoveService)) {
        throw violation(SafetyRule.ONLY_OWNED, command + ", and the service is not wanted");
      }
      return;
    }
    if (command instanceof Command.RemoveService) {
      throw violation(SafetyRule.KEEP_SERVING, command + ", and the service is wanted");
    }
    Map<ServerKey, Integer> table = weights(key);
    serving = serving(table);
    Expected expected = expected(service);
    if (command instanceof Command.AddServer add) {
      given(service, expected, add.server());
    } else if (command instanceof Command.EditServer edit) {
      given(service, expected, edit.server());
      if (edit.server().weight() == 0 && table.getOrDefault(edit.server().key(), 0) > 0) {
        taken(service, expected, edit.server().key(), table, command);
      }
    } else if (command instanceof Command.RemoveServer remove) {
      if (table.getOrDefault(remove.server(), 0) > 0) {
        taken(service, expected, remove.server(), table, command);
      }
      removed(service, remove);
    }
  }

  /** A server gets a weight. */
  private void given(ManagedService service, Expected expected, RealServer server) {
    Integer wanted = expected.weights.get(server.key());
    Destination destination = new Destination(service.key(), server.key());
    if (wanted == null) {
      throw violation(SafetyRule.PANIC, server + " is given without a cause");
    }
    boolean sorry = service.pool().sorry().filter(it -> it.key().equals(server.key())).isPresent();
    if (server.weight() == 0 && wanted > 0 && !sorry) {
      throw violation(
          world.loads.containsKey(destination)
              ? SafetyRule.WEIGHT_FLOOR
              : SafetyRule.UNKNOWN_IS_NOT_DOWN,
          server + " gets weight 0 without a cause");
    }
    if (server.weight() == 0
        && service.service().scheduler().name().equals("mh")
        && service.service().scheduler().flags().isEmpty()) {
      throw violation(SafetyRule.MH_FALLBACK, server + " gets weight 0 under mh without fallback");
    }
    Long since = world.returned.get(destination);
    if (since != null && !expected.panic && !service.slowStart().isZero()) {
      double share = (double) (world.now - since) / service.slowStart().toMillis();
      if (server.weight() > Math.max(1, wanted * Math.max(0.1, share)) + 1) {
        throw violation(
            SafetyRule.SLOW_START,
            server + " gets weight " + (world.now - since) + " ms after it came back");
      }
    }
  }

  /** A server that serves is to serve no more. */
  private void taken(
      ManagedService service,
      Expected expected,
      ServerKey server,
      Map<ServerKey, Integer> table,
      Command command) {
    if (expected.weights.getOrDefault(server, 0) > 0) {
      throw violation(SafetyRule.UNKNOWN_IS_NOT_DOWN, command + " without a cause");
    }
    boolean recent =
        refusals.getOrDefault(service.key(), Long.MIN_VALUE) >= world.now - 2 * world.period;
    if (!interfered && !recent) {
      expected.weights.forEach(
          (key, weight) -> {
            if (weight > 0 && table.getOrDefault(key, 0) == 0) {
              boolean sorry = service.pool().sorry().filter(it -> it.key().equals(key)).isPresent();
              throw violation(
                  sorry ? SafetyRule.SORRY_FIRST : SafetyRule.ADD_BEFORE_REMOVE,
                  command + " while " + key + " is not in the table");
            }
          });
    }
  }

  /** A server that is removed had time to drain. */
  private void removed(ManagedService service, Command.RemoveServer remove) {
    Destination destination = new Destination(remove.service(), remove.server());
    Long deadline = world.drains.get(destination);
    Intent intent = world.store.state().intent(destination);
    if (deadline == null || intent == null || world.reported.get(destination) == Health.DOWN) {
      return;
    }
    long connections =
        world.kernel.service(service.key()).stream()
            .flatMap(state -> state.servers().stream())
            .filter(state -> state.key().equals(remove.server()))
            .mapToLong(ServerState::activeConnections)
            .sum();
    if (connections > 0 && world.now < deadline) {
      throw violation(
          SafetyRule.DRAIN_WAITS,
          remove + " with " + connections + " connections, before its time");
    }
  }

  void after(Command command) {
    ServiceKey key = serviceOf(command);
    ManagedService service = key == null ? null : world.store.state().services().get(key);
    if (service == null || interfered || serving == 0) {
      return;
    }
    boolean somebody = expected(service).weights.values().stream().anyMatch(weight -> weight > 0);
    if (somebody && serving(weights(key)) == 0) {
      throw violation(SafetyRule.KEEP_SERVING, command + " took the last server away");
    }
  }

  private Map<ServerKey, Integer> weights(ServiceKey key) {
    Map<ServerKey, Integer> weights = new HashMap<>();
    Optional<ServiceState> state = world.kernel.service(key);
    if (state.isPresent()) {
      for (RealServer server : state.get().definition().realServers()) {
        weights.put(server.key(), server.weight());
      }
    }
    return weights;
  }

  private static int serving(Map<ServerKey, Integer> weights) {
    int serving = 0;
    for (int weight : weights.values()) {
      serving += weight > 0 ? 1 : 0;
    }
    return serving;
  }

  // -- what should be -----------------------------------------------------------------------------

  private static final class Expected {
    final Map<ServerKey, Integer> weights = new HashMap<>();
    boolean panic;
  }

  private Expected expected(ManagedService service) {
    Expected expected = new Expected();
    PoolPolicy pool = service.pool();
    boolean zero =
        !service.service().scheduler().name().equals("mh")
            || !service.service().scheduler().flags().isEmpty();
    List<RealServer> healthy = new ArrayList<>();
    List<RealServer> down = new ArrayList<>();
    List<RealServer> draining = new ArrayList<>();
    long weight = 0;
    long all = 0;
    for (RealServer server : service.service().realServers()) {
      Destination destination = new Destination(service.key(), server.key());
      Intent intent = world.store.state().intent(destination);
      boolean isDown = world.reported.get(destination) == Health.DOWN;
      if (intent != null && intent.kind() == Intent.Kind.DRAINING) {
        draining.add(server);
      } else if (intent == null) {
        (isDown ? down : healthy).add(server);
        weight += isDown ? 0 : wanted(service, server);
        all += server.weight();
      }
    }
    boolean held = false;
    for (RealServer server : draining) {
      Destination destination = new Destination(service.key(), server.key());
      boolean holds = healthy.isEmpty() && world.reported.get(destination) != Health.DOWN;
      held |= holds;
      expected.weights.put(server.key(), holds || !zero ? wanted(service, server) : 0);
    }
    boolean quorum = weight > 0 && weight >= Math.min(pool.quorum(), all);
    boolean sorry = pool.sorry().isPresent() && !quorum && !held;
    int members = healthy.size() + down.size();
    expected.panic =
        pool.sorry().isEmpty()
            && !held
            && members > 0
            && healthy.size() < Math.ceil(pool.panicShare() * members);
    if (sorry) {
      expected.weights.put(pool.sorry().get().key(), pool.sorry().get().weight());
    } else {
      healthy.forEach(server -> expected.weights.put(server.key(), wanted(service, server)));
    }
    if (expected.panic) {
      down.forEach(server -> expected.weights.put(server.key(), wanted(service, server)));
    } else if (zero) {
      // With inhibits, they stay at weight 0; without, they go.
      down.forEach(server -> expected.weights.put(server.key(), 0));
    }
    if (sorry && zero) {
      healthy.forEach(server -> expected.weights.put(server.key(), 0));
    }
    return expected;
  }

  private int wanted(ManagedService service, RealServer server) {
    Integer load = world.loads.get(new Destination(service.key(), server.key()));
    int weight = load == null ? server.weight() : load;
    return Math.max(1, Math.min(RealServer.MAX_WEIGHT, weight));
  }

  // -- at the end ---------------------------------------------------------------------------------

  void settled(boolean fought) {
    DesiredState stored = world.store.state();
    Map<ServiceKey, VirtualService> table = new HashMap<>();
    world
        .kernel
        .services(Consistency.VERIFIED)
        .forEach(state -> table.put(state.key(), state.definition()));
    world.foreign.forEach(
        (key, service) -> {
          if (!service.equals(table.get(key))) {
            throw violation(SafetyRule.ONLY_OWNED, service + " became " + table.get(key));
          }
        });
    stored
        .intents()
        .forEach(
            (destination, intent) -> {
              if (intent.kind() == Intent.Kind.DRAINING && world.now > intent.deadline() + 60_000) {
                throw violation(SafetyRule.DRAIN_ENDS, destination + " still drains");
              }
            });
    if (!stored.retired().isEmpty()) {
      throw violation(SafetyRule.FRESH_READING, stored.retired() + " is still to be removed");
    }
    for (ManagedService service : stored.services().values()) {
      same(service, table.remove(service.key()), fought);
    }
    table.keySet().removeAll(world.foreign.keySet());
    if (!table.isEmpty()) {
      throw violation(SafetyRule.FRESH_READING, "left behind: " + table.keySet());
    }
  }

  private void same(ManagedService service, VirtualService present, boolean fought) {
    if (present == null) {
      throw new AssertionError("does not converge: " + service.key() + " is missing");
    }
    if (!present.withoutRealServers().equals(service.service().withoutRealServers())) {
      throw new AssertionError("does not converge: " + present + " instead of " + service);
    }
    Map<ServerKey, Integer> left = weights(service.key());
    Expected expected = expected(service);
    expected.weights.forEach(
        (key, weight) -> {
          Integer found = left.remove(key);
          if (weight > 0 ? !weight.equals(found) : found != null && found != 0) {
            throw new AssertionError(
                "does not converge: "
                    + key
                    + " has weight "
                    + found
                    + " instead of "
                    + weight
                    + " in "
                    + service
                    + (fought ? " after a fight" : ""));
          }
        });
    if (!left.isEmpty()) {
      throw new AssertionError("does not converge: " + left + " is too much in " + service);
    }
  }

  /** Repairs against another writer become rare. */
  void boundedFight(int applied, long periods) {
    if (applied > 20 + periods / 5) {
      throw violation(
          SafetyRule.BACK_OFF,
          applied + " writes in " + periods + " periods against another writer");
    }
  }
}
