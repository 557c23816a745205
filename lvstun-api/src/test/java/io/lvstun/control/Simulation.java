// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckState;
import io.lvstun.health.Health;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.ServerHealth;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * An hour of a controller's life in virtual time, all of it from a seed: the core, the loop, the
 * director and the tables in memory are the real ones; clock, checks, application, store, faults,
 * crashes and other programs are made up here. {@link Watch} looks at every command.
 */
final class Simulation {

  static final long HOUR = 3_600_000;
  private static final long EPOCH = 1_700_000_000_000L;
  private static final int MOST_TRACE = 400;

  /** The process dies here. An error, so that nothing of the code under test handles it. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("the process dies", null, false, false);
    }
  }

  private record Task(long at, int number, Runnable run) {}

  final Random random;
  final long period;
  final long seed;
  final boolean fights;
  final MemoryDriver kernel = MemoryDriver.open();
  final MemoryDriver others = kernel.sibling();
  final SimulatedStore store;
  final Map<Destination, Health> reported = new HashMap<>();
  final Map<Destination, Boolean> alive = new HashMap<>();
  final Map<Destination, Integer> loads = new HashMap<>();
  final Map<Destination, Long> returned = new HashMap<>();
  final Map<Destination, Long> drains = new HashMap<>();
  final Map<ServiceKey, VirtualService> foreign = new HashMap<>();
  final Watch watch;
  boolean fought;
  long now = EPOCH;

  /** Chances in a thousand, while faults are let loose. */
  int faults;

  private final Set<SafetyRule> rules;
  private final boolean tracing;
  private final List<String> trace = new ArrayList<>();
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Integer.compare(a.number, b.number));
  private final Map<ServiceKey, ManagedService> wanted = new LinkedHashMap<>();
  private final boolean inhibits;
  private final long lastChange;
  private int taskNumber;
  private Core core;
  private Loop loop;
  private int applied;

  Simulation(long seed, Set<SafetyRule> rules, boolean tracing) {
    this.seed = seed;
    this.rules = rules;
    this.tracing = tracing;
    random = new Random(seed);
    random.nextInt(); // neighbouring seeds begin alike
    period = new long[] {15_000, 30_000, 60_000, 60_000}[random.nextInt(4)];
    fights = random.nextInt(10) == 0;
    inhibits = random.nextInt(3) == 0;
    store = new SimulatedStore(this);
    watch = new Watch(this);
    lastChange = EPOCH + HOUR - 15 * period - 600_000 / 2;
  }

  // -- running ------------------------------------------------------------------------------------

  static void run(long seed, Set<SafetyRule> rules) {
    try {
      new Simulation(seed, rules, false).play();
    } catch (AssertionError first) {
      Simulation again = new Simulation(seed, rules, true);
      try {
        again.play();
      } catch (AssertionError e) {
        throw new AssertionError(
            "seed " + seed + ": " + e.getMessage() + "\n" + String.join("\n", again.trace), e);
      }
      throw new AssertionError("seed " + seed + " does not repeat: " + first.getMessage(), first);
    }
  }

  void play() {
    int services = 1 + random.nextInt(3);
    for (int i = 0; i < services; i++) {
      ManagedService service = service(i);
      wanted.put(service.key(), service);
    }
    if (random.nextBoolean()) {
      foreignService();
    }
    if (random.nextInt(3) == 0) {
      mess();
    }
    start(true);
    if (fights) {
      for (long at = EPOCH + 60_000; at < lastChange; at += period) {
        at(at, this::tamperWithWeight);
      }
    }
    int changes = fights ? 2 : 4 + random.nextInt(20);
    for (int i = 0; i < changes; i++) {
      at(EPOCH + 1000 + (long) (random.nextDouble() * (lastChange - EPOCH - 1000)), this::change);
    }
    at(lastChange, this::calm);
    until(EPOCH + HOUR);
    if (fought) {
      until(EPOCH + HOUR + 40 * period); // the longest wait, and a few
    }
    watch.settled(fought);
    if (fights) {
      watch.boundedFight(applied, (HOUR - 15 * period) / period);
    }
  }

  private void at(long time, Runnable run) {
    tasks.add(new Task(time, taskNumber++, run));
  }

  private void in(long delay, Runnable run) {
    at(now + delay, run);
  }

  private void until(long end) {
    while (true) {
      Task task = tasks.peek();
      long wake = core == null ? Long.MAX_VALUE : Math.max(core.wakeAt(), now);
      long next = Math.min(wake, task == null ? Long.MAX_VALUE : Math.max(task.at, now));
      if (next > end) {
        now = end;
        return;
      }
      now = next;
      if (task != null && task.at <= now) {
        tasks.remove();
        task.run.run();
      } else {
        deliver(new Event.Tick());
      }
    }
  }

  private void deliver(Event event) {
    if (core == null) {
      return;
    }
    try {
      loop.deliver(event);
      watch.boundary();
    } catch (Crash e) {
      died();
    }
  }

  private void died() {
    trace("the process dies");
    core = null;
    watch.boundary();
    in(random.nextInt(4) == 0 ? random.nextInt(120_000) : 1, () -> start(random.nextBoolean()));
  }

  private void start(boolean speaks) {
    core = new Core(period, rules, false);
    // The director outlives nothing: a new process has a new one.
    Director director = Director.on(new WatchedDriver(this));
    loop =
        new Loop(core, () -> now, () -> director, store, "boot table", this::decided, finish -> {});
    reported.clear();
    returned.clear();
    loads.clear();
    watch.restarted();
    try {
      deliver(loop.begin());
    } catch (IOException e) {
      throw new AssertionError("the store refuses its own text", e);
    }
    if (speaks && core != null) {
      deliver(new Event.Want(List.copyOf(wanted.values()), true));
    } else if (!speaks) {
      wanted.clear();
      wanted.putAll(store.state().services());
    }
    for (ManagedService service : List.copyOf(wanted.values())) {
      checkAll(service);
    }
  }

  private void checkAll(ManagedService service) {
    for (RealServer server : service.service().realServers()) {
      Destination destination = new Destination(service.key(), server.key());
      if (server.key().port() % 7 == 0 || destination.hashCode() % 5 == 0) {
        continue; // not every server has checks
      }
      report(destination, Health.UNKNOWN);
      in(500 + random.nextInt(20_000), () -> check(destination));
    }
  }

  private void check(Destination destination) {
    report(destination, alive.getOrDefault(destination, true) ? Health.UP : Health.DOWN);
  }

  private void report(Destination destination, Health health) {
    if (core == null) {
      return;
    }
    ManagedService service = store.state().services().get(destination.service());
    Health before = reported.get(destination);
    if (service != null && serverOf(service, destination.server()).isPresent()) {
      reported.put(destination, health);
      if (health == Health.UP && before == Health.DOWN) {
        returned.put(destination, now);
      }
    } else {
      reported.remove(destination);
      return;
    }
    HealthPolicy policy = HealthPolicy.standard();
    if (inhibits) {
      policy = policy.inhibitOnFailure();
    }
    CheckState state =
        new CheckState(
            health,
            Instant.ofEpochMilli(now),
            0,
            0,
            Instant.ofEpochMilli(now),
            Optional.of(CheckResult.passed("simulated", Duration.ZERO)),
            Optional.empty(),
            0);
    deliver(new Event.Checked(destination, "c", new ServerHealth.Checked(policy, state)));
  }

  private void decided(Decision decision) {
    if (decision.kind() == Decision.Kind.FIGHT) {
      fought = true;
    }
    if (decision.kind() == Decision.Kind.APPLIED) {
      applied++;
    }
    if (tracing) {
      trace(decision.toString());
    }
  }

  void trace(String line) {
    if (tracing) {
      if (trace.size() == MOST_TRACE) {
        trace.remove(0);
      }
      trace.add(String.format("%8.1f s  %s", (now - EPOCH) / 1000.0, line));
    }
  }

  /** What the controller is about to store. */
  DesiredState stored() {
    return core.state;
  }

  /** The controller has forgotten servers that are not wanted any more. */
  void prune() {
    reported.keySet().removeIf(this::unknown);
    returned.keySet().removeIf(this::unknown);
    loads.keySet().removeIf(this::unknown);
  }

  private boolean unknown(Destination destination) {
    ManagedService service = store.state().services().get(destination.service());
    return service == null || serverOf(service, destination.server()).isEmpty();
  }

  // -- what may happen ----------------------------------------------------------------------------

  private void change() {
    switch (random.nextInt(18)) {
      case 0, 1, 2, 3 -> flip();
      case 4 -> edit();
      case 5 -> unwant();
      case 6 -> tamperWithWeight();
      case 7 -> removeServerByHand();
      case 8 -> mess();
      case 9 -> {
        trace("others: ipvsadm -C");
        var unused = others.execute(List.of(new Command.Flush()));
        foreign.clear();
      }
      case 10, 11 -> drain();
      case 12 -> join();
      case 13 -> load();
      case 14 -> crash();
      case 15 -> letLoose();
      case 16 -> replace();
      default -> cancel();
    }
  }

  private Optional<Destination> anyDestination() {
    List<Destination> all = new ArrayList<>();
    for (ManagedService service : wanted.values()) {
      for (RealServer server : service.service().realServers()) {
        all.add(new Destination(service.key(), server.key()));
      }
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  private void flip() {
    anyDestination()
        .ifPresent(
            destination -> {
              boolean lives = !alive.getOrDefault(destination, true);
              alive.put(destination, lives);
              trace(destination + (lives ? " lives" : " dies"));
              if (reported.containsKey(destination)) {
                in(random.nextInt(6000), () -> check(destination));
              }
            });
  }

  private void edit() {
    int index = random.nextInt(3);
    wanted.replaceAll((key, old) -> store.state().services().getOrDefault(key, old));
    ManagedService service = service(index);
    trace("application wants " + service);
    wanted.put(service.key(), service);
    returned.keySet().removeIf(it -> it.service().equals(service.key()));
    if (random.nextBoolean()) {
      deliver(new Event.Want(List.copyOf(wanted.values()), true));
    } else {
      deliver(new Event.Want(List.of(service), false));
    }
    checkAll(service);
  }

  private void unwant() {
    if (wanted.size() < 2) {
      return;
    }
    ServiceKey key = wanted.keySet().iterator().next();
    trace("application wants no more " + key);
    wanted.remove(key);
    deliver(new Event.Unwant(key));
    reported.keySet().removeIf(it -> it.service().equals(key));
    returned.keySet().removeIf(it -> it.service().equals(key));
    loads.keySet().removeIf(it -> it.service().equals(key));
    drains.keySet().removeIf(it -> it.service().equals(key));
  }

  /** Another program changes a weight in one of the services. */
  private void tamperWithWeight() {
    List<ServiceState> states = others.services(Consistency.SINGLE_PASS);
    if (states.isEmpty()) {
      return;
    }
    ServiceState state = states.get(0);
    if (!state.servers().isEmpty() && !foreign.containsKey(state.key())) {
      RealServer server = state.servers().get(0).definition();
      RealServer changed = server.weight(server.weight() == 77 ? 78 : 77);
      trace("others: " + state.key() + " -> " + changed);
      var unused = others.execute(List.of(new Command.EditServer(state.key(), changed)));
    }
  }

  private void removeServerByHand() {
    for (ServiceState state : others.services(Consistency.SINGLE_PASS)) {
      if (!foreign.containsKey(state.key()) && !state.servers().isEmpty()) {
        trace("others: ipvsadm -d " + state.servers().get(0));
        var unused =
            others.execute(
                List.of(new Command.RemoveServer(state.key(), state.servers().get(0).key())));
        return;
      }
    }
  }

  private void foreignService() {
    int port = 9000 + random.nextInt(3);
    VirtualService strange =
        VirtualService.udp("192.0.2.99", port).addRealServer(server(7).weight(3));
    if (foreign.putIfAbsent(strange.key(), strange) == null) {
      trace("others: " + strange);
      var unused =
          others.execute(
              List.of(
                  new Command.AddService(strange),
                  new Command.AddServer(strange.key(), strange.realServers().get(0))));
    }
  }

  /** Another program makes services of its own, and writes into ours. */
  private void mess() {
    foreignService();
    ServiceKey key = key(random.nextInt(3));
    if (others.service(key).isEmpty()) {
      return;
    }
    RealServer strange = server(8 + random.nextInt(2)).weight(random.nextInt(2)).port(80);
    trace("others: " + key + " -> " + strange);
    var unused = others.execute(List.of(new Command.AddServer(key, strange)));
  }

  private void drain() {
    if (core == null) {
      return;
    }
    anyDestination()
        .ifPresent(
            destination -> {
              int connections = random.nextInt(3);
              long time = 5_000 + random.nextInt(120_000);
              // One that has drained gets no connections, and no time, though it is not gone yet.
              Intent before = core.state.intent(destination);
              if (before == null || before.kind() != Intent.Kind.OUT) {
                observe(destination, connections);
                drains.put(destination, now + time);
              }
              trace("drain " + destination + " with " + connections + ", " + time + " ms");
              deliver(
                  new Event.Drain(
                      "d" + taskNumber++, List.of(destination), now + time, now + time, false, ""));
              if (connections > 0 && random.nextBoolean()) {
                in(random.nextInt(100_000), () -> observe(destination, 0));
              }
            });
  }

  private void observe(Destination destination, int connections) {
    kernel
        .service(destination.service())
        .ifPresent(
            service -> {
              for (ServerState server : service.servers()) {
                if (server.key().equals(destination.server())) {
                  trace(destination + " has " + connections + " connections");
                  kernel.observe(
                      destination.service(),
                      new ServerState(
                          server.definition(), connections, 0, 0, Counters.ZERO, Rates.ZERO));
                }
              }
            });
  }

  private void join() {
    anyDestination()
        .ifPresent(
            destination -> {
              trace("join " + destination);
              drains.remove(destination);
              deliver(new Event.Join("j" + taskNumber++, destination, null, now + 60_000));
            });
  }

  private void replace() {
    anyDestination()
        .ifPresent(
            destination -> {
              RealServer successor = server(4 + random.nextInt(2)).weight(5).port(80);
              trace("replace " + destination + " by " + successor);
              drains.remove(destination);
              deliver(
                  new Event.Replace(
                      "r" + taskNumber++, destination, successor, now + 60_000, 60_000, false));
            });
  }

  private void cancel() {
    DesiredState state = store.state();
    for (Map.Entry<Destination, Intent> entry : state.intents().entrySet()) {
      trace("cancel " + entry.getKey());
      drains.remove(entry.getKey());
      deliver(new Event.Cancel(entry.getValue().operation()));
      return;
    }
  }

  private void load() {
    anyDestination()
        .ifPresent(
            destination -> {
              if (core == null || unknown(destination)) {
                return;
              }
              int[] weights = {0, -5, 1, 3, 40, 1_000_000_000};
              int weight = weights[random.nextInt(weights.length)];
              trace("load asks " + weight + " for " + destination);
              loads.put(destination, weight);
              deliver(new Event.Load(destination, weight, "simulated"));
            });
  }

  private void crash() {
    if (core != null && random.nextBoolean()) {
      died();
    } else {
      watch.crashAfter = 1 + random.nextInt(6);
    }
  }

  private void letLoose() {
    faults = 50 + random.nextInt(400);
    trace("faults " + faults);
    in(
        random.nextInt(240_000),
        () -> {
          trace("faults end");
          faults = 0;
        });
  }

  /** From here on, nothing happens but what the controller does. */
  private void calm() {
    trace("calm");
    faults = 0;
    watch.crashAfter = 0;
    tasks.removeIf(task -> task.at > now && core != null);
    if (core == null) {
      tasks.clear();
      start(true);
    }
    for (ManagedService service : List.copyOf(store.state().services().values())) {
      for (RealServer server : service.service().realServers()) {
        Destination destination = new Destination(service.key(), server.key());
        if (reported.containsKey(destination)) {
          check(destination);
        }
      }
    }
  }

  // -- values -------------------------------------------------------------------------------------

  private static ServiceKey key(int index) {
    return ServiceKey.tcp("192.0.2." + (1 + index), 80);
  }

  private static RealServer server(int index) {
    return RealServer.of(
        IpAddress.parse("10.0.0." + (1 + index)), new Forwarding.Tunnel(Encapsulation.ipip()));
  }

  private ManagedService service(int index) {
    VirtualService service = VirtualService.tcp("192.0.2." + (1 + index), 80);
    service =
        service.scheduler(
            switch (random.nextInt(4)) {
              case 0 -> Scheduler.MH;
              case 1 -> Scheduler.MH.with(SchedulerFlag.MH_FALLBACK);
              case 2 -> Scheduler.RR;
              default -> Scheduler.WRR;
            });
    int servers = 1 + random.nextInt(4);
    for (int i = 0; i < servers; i++) {
      if (random.nextInt(4) > 0) {
        service = service.addRealServer(server(i).weight(1 + random.nextInt(20)));
      }
    }
    ManagedService managed = ManagedService.of(service);
    if (random.nextInt(3) == 0) {
      managed =
          managed.pool(managed.pool().quorum(1 + random.nextInt(10), 0).sorry(server(6).weight(1)));
    } else if (random.nextInt(3) == 0) {
      managed = managed.pool(managed.pool().panicShare(0.5));
    }
    if (random.nextInt(3) == 0) {
      managed = managed.slowStart(Duration.ofSeconds(60 + random.nextInt(120)));
    }
    return managed;
  }

  static Optional<RealServer> serverOf(ManagedService service, ServerKey key) {
    for (RealServer server : service.service().realServers()) {
      if (server.key().equals(key)) {
        return Optional.of(server);
      }
    }
    return Optional.empty();
  }

  static LvsException trouble(String operation, String reason) {
    return new LvsException(
        new LvsException.Failure(
            operation, "", "simulated", reason, java.util.OptionalInt.empty(), ""));
  }
}
