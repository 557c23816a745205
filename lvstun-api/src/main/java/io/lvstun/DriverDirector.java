// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.rules.Listing;
import io.lvstun.rules.Loss;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.Outcome;
import io.lvstun.state.Connection;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The director on a driver. */
final class DriverDirector implements Director {

  /** Up to this many services are always read one by one. */
  private static final int READ_SINGLY = 8;

  /**
   * How many services of a whole reading cost as much as one that is read by itself, at most.
   * Measured with 1,000 services of 10 servers: 1.4 to 1.7 with the netlink driver, 10 with the
   * ipvsadm driver.
   */
  private static final int SINGLE_READING_COST = 10;

  private static final int UNKNOWN = -1;

  /** After as many rounds with the same plan and the same refusal, the refusal is believed. */
  private static final int ROUNDS = 3;

  /** After as many rounds that left the same to do, the kernel seems to keep another value. */
  private static final int STUBBORN_ROUNDS = 10;

  private static final int LONGEST_PAUSE_MILLIS = 64;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  /** Waits. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /**
   * What does not depend on the driver.
   *
   * @param deadline how long a write goes on against another writer
   * @param readBack whether what was written is read back
   * @param lock makes writers of several processes take turns; null for none
   * @param clock nanoseconds, as of {@link System#nanoTime()}
   * @param pause waits
   */
  record Settings(
      Duration deadline,
      boolean readBack,
      @Nullable WriterLock lock,
      LongSupplier clock,
      Pause pause) {

    static Settings defaults() {
      return new Settings(
          DriverOptions.DEFAULT_DEADLINE, true, null, System::nanoTime, DriverDirector::sleep);
    }
  }

  /** What a write is to bring about. */
  private interface Goal {

    /** Reads, and plans what is left to do. */
    List<Change> plan();

    /** Reads what was written, and plans what differs. */
    List<Change> missing(Application application);
  }

  private volatile IpvsDriver driver;
  private final @Nullable DriverOptions options;
  private final OnFailure onFailure;
  private final Settings settings;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean closed;

  /** How many services the table had when it was last read as a whole. */
  private volatile int tableSize = UNKNOWN;

  /** The options with which the driver was opened, null if it is the caller's. */
  DriverDirector(
      IpvsDriver driver, @Nullable DriverOptions options, OnFailure onFailure, Settings settings) {
    this.driver = driver;
    this.options = options;
    this.onFailure = onFailure;
    this.settings = settings;
  }

  static DriverDirector on(IpvsDriver driver, OnFailure onFailure) {
    return new DriverDirector(driver, null, onFailure, Settings.defaults());
  }

  static void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }

  @Override
  public String driver() {
    return driver.name();
  }

  @Override
  public Map<Capability, String> missing() {
    return driver.missing();
  }

  // -- plan and apply

  @Override
  public Plan plan(Collection<VirtualService> services) {
    List<VirtualService> wanted = copy(services);
    return new Plan(converging(wanted).plan(), onFailure);
  }

  @Override
  public Plan planReplaceAll(Collection<VirtualService> services) {
    List<VirtualService> wanted = copy(services);
    return new Plan(Planner.replaceAll(wanted, presentAll(Consistency.VERIFIED)), onFailure);
  }

  @Override
  public ApplyReport apply(Plan plan) {
    Objects.requireNonNull(plan, "plan");
    return write(
        () ->
            carryOut(effects(plan.changes()), plan.onFailure(), new Application(driver, settings)));
  }

  @Override
  public ApplyReport apply(Collection<VirtualService> services) {
    List<VirtualService> wanted = copy(services);
    return write(() -> carryOut(converging(wanted), onFailure, new Application(driver, settings)));
  }

  @Override
  public ApplyReport replaceAll(Collection<VirtualService> services) {
    List<VirtualService> wanted = copy(services);
    Goal goal =
        new Goal() {
          @Override
          public List<Change> plan() {
            return Planner.replaceAll(wanted, presentAll(Consistency.VERIFIED));
          }

          @Override
          public List<Change> missing(Application application) {
            return plan();
          }
        };
    return write(() -> carryOut(goal, onFailure, new Application(driver, settings)));
  }

  private static List<VirtualService> copy(Collection<VirtualService> services) {
    return List.copyOf(Objects.requireNonNull(services, "services"));
  }

  private Goal converging(List<VirtualService> wanted) {
    return new Goal() {
      @Override
      public List<Change> plan() {
        List<ServiceKey> keys = wanted.stream().map(VirtualService::key).toList();
        return Planner.converge(wanted, present(keys, Consistency.VERIFIED));
      }

      @Override
      public List<Change> missing(Application application) {
        Collection<ServiceKey> written = application.written();
        List<VirtualService> touched =
            wanted.stream().filter(service -> written.contains(service.key())).toList();
        List<Change> missing = Planner.converge(touched, present(written, Consistency.SINGLE_PASS));
        // A single pass may have missed something: what decides changes is read twice.
        return missing.isEmpty() ? missing : plan();
      }
    };
  }

  private Goal effects(List<Change> changes) {
    return new Goal() {
      private boolean begun;

      @Override
      public List<Change> plan() {
        if (!begun) {
          begun = true;
          return changes;
        }
        return missing(Consistency.VERIFIED);
      }

      @Override
      public List<Change> missing(Application application) {
        List<Change> missing = missing(Consistency.SINGLE_PASS);
        return missing.isEmpty() ? missing : missing(Consistency.VERIFIED);
      }

      private List<Change> missing(Consistency consistency) {
        PlanEffects effects = PlanEffects.of(changes);
        return effects.missing(present(effects.services(), consistency));
      }
    };
  }

  /** Writes alone: no other thread of this director, no other holder of the lock. */
  @CanIgnoreReturnValue
  private <T> T write(Supplier<T> work) {
    writing.lock();
    try {
      requireOpen();
      WriterLock lock = settings.lock();
      if (lock == null) {
        return work.get();
      }
      lock.acquire(settings.deadline());
      try {
        return work.get();
      } finally {
        lock.release();
      }
    } finally {
      writing.unlock();
    }
  }

  /** Brings a goal about, against other writers if need be, and makes sure of it. */
  private ApplyReport carryOut(Goal goal, OnFailure onFailure, Application application) {
    try {
      List<Change> changes = goal.plan();
      long deadline = settings.clock().getAsLong() + settings.deadline().toNanos();
      int refusals = 0;
      int repeats = 0;
      for (int round = 1; ; round++) {
        boolean complete = application.run(changes);
        if (complete && !(application.wrote() && settings.readBack())) {
          return application.report();
        }
        if (!complete && (application.isInterrupted() || !application.overtaken())) {
          throw failed(application, onFailure);
        }
        List<Change> next =
            complete
                ? readBack(application, () -> goal.missing(application))
                : readBack(application, goal::plan);
        if (complete && next.isEmpty()) {
          return application.report();
        }
        refusals = !complete && next.equals(changes) ? refusals + 1 : 0;
        if (refusals == ROUNDS) {
          throw failed(application, onFailure);
        }
        repeats = next.equals(changes) ? repeats + 1 : 0;
        String end = over(application, deadline, repeats);
        if (!end.isEmpty()) {
          application.giveUp(next);
          throw ApplyException.interfered(driver.name(), end, application.report());
        }
        pause(application, round);
        changes = next;
      }
    } finally {
      application.restoreInterrupt();
    }
  }

  /** Why no other round is made; empty if one is. */
  private String over(Application application, long deadline, int repeats) {
    if (application.isInterrupted()) {
      return "the thread was interrupted";
    }
    if (settings.clock().getAsLong() - deadline >= 0) {
      return "the deadline of " + settings.deadline().toMillis() + " ms";
    }
    return repeats < STUBBORN_ROUNDS
        ? ""
        : "the same change was needed " + repeats + " times (or the kernel keeps another value)";
  }

  private List<Change> readBack(Application application, Supplier<List<Change>> reading) {
    try {
      return application.read(reading);
    } catch (LvsException | IllegalStateException e) {
      if (!application.wrote()) {
        throw e;
      }
      LvsException error = e instanceof LvsException told ? told : application.ended(e);
      throw ApplyException.unread(driver.name(), error, application.report());
    }
  }

  private ApplyException failed(Application application, OnFailure onFailure) {
    if (onFailure == OnFailure.ROLL_BACK) {
      application.rollBack();
    }
    ApplyReport report = application.report();
    return report.failed().isEmpty() && report.unknown().isEmpty()
        ? ApplyException.interrupted(driver.name(), report)
        : ApplyException.failed(driver.name(), report);
  }

  /** Waits a little, longer each time and by chance, so that two writers get out of step. */
  private void pause(Application application, int round) {
    int longest = Math.min(LONGEST_PAUSE_MILLIS, 1 << Math.min(round, 16));
    try {
      settings.pause().of(Duration.ofMillis(ThreadLocalRandom.current().nextInt(longest)));
    } catch (InterruptedException e) {
      application.interrupt();
    }
  }

  /**
   * Reads services one by one or with the whole table, whichever costs less given what is known of
   * the table. So from the second reading on, services of other programs cost a plan or a read-back
   * at most {@value #SINGLE_READING_COST} times its own.
   */
  private Map<ServiceKey, VirtualService> present(
      Collection<ServiceKey> keys, Consistency consistency) {
    int size = tableSize;
    boolean fewOfMany = size != UNKNOWN && (long) keys.size() * SINGLE_READING_COST < size;
    if (keys.size() > READ_SINGLY && !fewOfMany) {
      return presentAll(consistency);
    }
    Map<ServiceKey, VirtualService> present = new HashMap<>();
    for (ServiceKey key : keys) {
      driver.service(key).ifPresent(state -> present.put(state.key(), state.definition()));
    }
    return present;
  }

  private Map<ServiceKey, VirtualService> presentAll(Consistency consistency) {
    List<ServiceState> states = services(consistency);
    Map<ServiceKey, VirtualService> present = new HashMap<>(states.size() * 2);
    states.forEach(state -> present.put(state.key(), state.definition()));
    return present;
  }

  // -- single services and servers

  @Override
  public void create(VirtualService service) {
    Objects.requireNonNull(service, "service");
    write(
        () -> {
          // The service by itself first: the servers of a batch would end up in somebody else's
          // service.
          execute(new Command.AddService(service));
          List<Change> servers = Planner.additions(service);
          Application application = new Application(driver, settings);
          application.made(Planner.addition(service));
          return carryOut(effects(servers), OnFailure.ROLL_BACK, application);
        });
  }

  @Override
  public ApplyReport edit(VirtualService service) {
    return edit(Objects.requireNonNull(service, "service").key(), present -> service);
  }

  @Override
  public ApplyReport edit(ServiceKey key, UnaryOperator<VirtualService> change) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(change, "change");
    return write(
        () -> {
          VirtualService present =
              driver
                  .service(key)
                  .map(ServiceState::definition)
                  .orElseThrow(() -> absent("edit service", key));
          VirtualService wanted = change.apply(present);
          if (!wanted.key().equals(key)) {
            throw new IllegalArgumentException(
                "service must keep its key " + key + ", not " + wanted.key());
          }
          List<Change> changes = Planner.converge(List.of(wanted), Map.of(key, present));
          return carryOut(effects(changes), onFailure, new Application(driver, settings));
        });
  }

  @Override
  public void remove(ServiceKey key) {
    single(new Command.RemoveService(key));
  }

  @Override
  public void addRealServer(ServiceKey service, RealServer server) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(server, "server");
    single(new Command.AddServer(service, server.checkedFor(service)));
  }

  @Override
  public void editRealServer(ServiceKey service, RealServer server) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(server, "server");
    RealServer checked;
    try {
      checked = server.checkedFor(service);
    } catch (IllegalArgumentException e) {
      // Perhaps another program made it so: then it may stay so.
      RealServer present =
          find(service)
              .flatMap(state -> state.server(server.key()))
              .map(ServerState::definition)
              .filter(it -> it.forwarding().equals(server.forwarding()))
              .orElseThrow(() -> e);
      checked = server.checkedAsEditOf(present, service);
    }
    single(new Command.EditServer(service, checked));
  }

  @Override
  public void setWeight(ServiceKey service, ServerKey server, int weight) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(server, "server");
    ServiceArgument.range("weight", weight, 0, RealServer.MAX_WEIGHT);
    write(
        () -> {
          RealServer present = server(service, server).definition();
          execute(new Command.EditServer(service, present.weight(weight)));
          return present;
        });
  }

  private ServerState server(ServiceKey service, ServerKey server) {
    ServiceState state =
        driver.service(service).orElseThrow(() -> absent("read real server of", service));
    return state
        .server(server)
        .orElseThrow(
            () -> {
              int errno = KernelError.ENOENT.number();
              return KernelError.refused(
                  driver.name(), new Command.RemoveServer(service, server), errno, errno, "");
            });
  }

  @Override
  public void removeRealServer(ServiceKey service, ServerKey server) {
    single(new Command.RemoveServer(service, server));
  }

  @Override
  public DrainReport drain(
      ServiceKey service, ServerKey server, Duration patience, Consumer<DrainReport> progress) {
    Objects.requireNonNull(patience, "patience");
    Objects.requireNonNull(progress, "progress");
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience must not be negative, not " + patience);
    }
    setWeight(service, server, 0);
    long start = settings.clock().getAsLong();
    while (true) {
      Optional<ServerState> state = find(service).flatMap(it -> it.server(server));
      Duration elapsed = Duration.ofNanos(settings.clock().getAsLong() - start);
      DrainReport report =
          new DrainReport(server, state.map(ServerState::activeConnections).orElse(0L), elapsed);
      progress.accept(report);
      if (state.isEmpty()) {
        return report;
      }
      Duration left = patience.minus(elapsed);
      if (report.drained() || left.isNegative() || left.isZero()) {
        removeIfThere(service, server);
        return report;
      }
      try {
        settings.pause().of(left.compareTo(BETWEEN_LOOKS) < 0 ? left : BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LvsException(
            new LvsException.Failure(
                "drain real server",
                server + " of " + service,
                driver.name(),
                "interrupted with " + report.activeConnections() + " active connections left",
                OptionalInt.empty(),
                "The server stays, at weight 0: drain it again, or give it a weight"),
            e);
      }
    }
  }

  private void removeIfThere(ServiceKey service, ServerKey server) {
    try {
      removeRealServer(service, server);
    } catch (NotFoundException e) {
      // Somebody else was faster.
      return;
    }
  }

  private void single(Command command) {
    write(
        () -> {
          execute(command);
          return command;
        });
  }

  private void execute(Command command) {
    Outcome outcome = driver.execute(List.of(command)).get(0);
    LvsException error = outcome.error();
    if (error != null) {
      throw error;
    }
  }

  private LvsException absent(String operation, ServiceKey key) {
    int errno = KernelError.ESRCH.number();
    return KernelError.refused(driver.name(), operation, key.toString(), errno, errno, "");
  }

  // -- reading

  @Override
  public Optional<ServiceState> find(ServiceKey key) {
    return driver.service(Objects.requireNonNull(key, "key"));
  }

  @Override
  public List<ServiceState> services() {
    return services(Consistency.VERIFIED);
  }

  @Override
  public List<ServiceState> services(Consistency consistency) {
    List<ServiceState> states = driver.services(Objects.requireNonNull(consistency, "consistency"));
    tableSize = states.size();
    return states;
  }

  @Override
  public String listing() {
    return Listing.of(info(), services());
  }

  @Override
  public Stream<Connection> connections() {
    return driver.connections();
  }

  @Override
  public IpvsInfo info() {
    return driver.info();
  }

  // -- the table as a whole

  @Override
  public Snapshot snapshot() {
    return new Snapshot(
        services().stream().map(ServiceState::definition).toList(),
        driver.timeouts(),
        driver.syncDaemons());
  }

  @Override
  public Plan plan(Snapshot snapshot) {
    Objects.requireNonNull(snapshot, "snapshot");
    return new Plan(Planner.restore(snapshot, snapshot()), onFailure);
  }

  @Override
  public ApplyReport restore(Snapshot snapshot) {
    Objects.requireNonNull(snapshot, "snapshot");
    Goal goal =
        new Goal() {
          @Override
          public List<Change> plan() {
            return Planner.restore(snapshot, snapshot());
          }

          @Override
          public List<Change> missing(Application application) {
            return plan();
          }
        };
    return write(() -> carryOut(goal, onFailure, new Application(driver, settings)));
  }

  @Override
  public List<Loss> save(Path file) {
    return SavedTable.write(snapshot(), Objects.requireNonNull(file, "file"));
  }

  @Override
  public ApplyReport restore(Path file) {
    SavedTable saved = SavedTable.read(Objects.requireNonNull(file, "file"));
    return restore(saved.over(snapshot()));
  }

  @Override
  public void flush() {
    single(new Command.Flush());
  }

  @Override
  public void zero() {
    single(new Command.Zero(Optional.empty()));
  }

  @Override
  public void zero(ServiceKey key) {
    single(new Command.Zero(Optional.of(Objects.requireNonNull(key, "key"))));
  }

  @Override
  public Timeouts timeouts() {
    return driver.timeouts();
  }

  @Override
  public void timeouts(Timeouts timeouts) {
    single(new Command.SetTimeouts(timeouts));
  }

  @Override
  public List<SyncDaemon> syncDaemons() {
    return driver.syncDaemons();
  }

  @Override
  public void startSync(SyncDaemon daemon) {
    single(new Command.StartDaemon(daemon));
  }

  @Override
  public void stopSync(SyncDaemon.Role role) {
    single(new Command.StopDaemon(role));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the director is closed");
    }
  }

  @Override
  public void reopen() {
    DriverOptions known = options;
    if (known == null) {
      throw new IllegalStateException(
          "the director uses a driver that the caller opened: open that driver again, and create a"
              + " director on it");
    }
    writing.lock();
    try {
      requireOpen();
      IpvsDriver old = driver;
      driver = DriverSelection.open(Optional.of(old.name()), known);
      tableSize = UNKNOWN;
      old.close();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    writing.lock();
    try {
      driver.close();
    } finally {
      writing.unlock();
    }
  }

  /** Returns the driver's name in words. */
  @Override
  public String toString() {
    return "director on " + driver.name();
  }
}
