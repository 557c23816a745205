// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.Outcome;
import io.lvstun.state.Connection;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Controls IPVS in one network namespace: reads its tables and makes them agree with what is
 * wanted.
 *
 * <p>Thread-safe: writes through one director are serialised, reads are not held up. Other programs
 * may write at the same time; what that means is said at each method. Must be closed.
 *
 * <p>Every method that reaches the kernel throws {@link PermissionException} without CAP_NET_ADMIN,
 * {@link TimeoutException} after the deadline, {@link ProtocolException} after a malformed reply,
 * {@link NamespaceChangedException} once the name of its namespace stands for another one, and
 * {@link IllegalStateException} after {@link #close()}.
 *
 * @since 0.1.0
 */
public final class Director implements AutoCloseable {

  /** Up to this many services are read one by one for a plan; beyond it the whole table is. */
  private static final int READ_SINGLY = 8;

  /** How often apply plans anew because another program changed the table meanwhile. */
  private static final int ROUNDS = 3;

  private volatile IpvsDriver driver;
  private final @Nullable DriverOptions options;
  private final OnFailure onFailure;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean closed;

  private Director(IpvsDriver driver, @Nullable DriverOptions options, OnFailure onFailure) {
    this.driver = driver;
    this.options = options;
    this.onFailure = onFailure;
  }

  /**
   * Opens the best driver that works here, in the process's own network namespace, with the default
   * deadline of 5 seconds. Which one, and why, is logged once at level INFO.
   *
   * @return a director
   * @throws UnavailableException if no driver works; the message lists each with its reason and the
   *     fix
   */
  public static Director open() {
    return builder().open();
  }

  /**
   * Returns a director on a driver of the caller's, for example the in-memory driver in tests.
   *
   * @param driver the driver, which the director will close
   * @return a director
   */
  public static Director on(IpvsDriver driver) {
    return new Director(Objects.requireNonNull(driver, "driver"), null, OnFailure.ROLL_BACK);
  }

  /**
   * Begins a director with options.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the name of the driver in use.
   *
   * @return for example {@code "netlink"}
   */
  public String driver() {
    return driver.name();
  }

  /**
   * Tells what the driver in use cannot do.
   *
   * @return each missing capability with the reason
   */
  public Map<Capability, String> missing() {
    return driver.missing();
  }

  // -- plan and apply -----------------------------------------------------------------------------

  /**
   * Plans what would make the kernel agree with services; others are not touched.
   *
   * @param services the services wanted, each key once
   * @return the plan; nothing is changed
   * @throws IllegalArgumentException if two services have the same key
   */
  public Plan plan(VirtualService... services) {
    return plan(List.of(services));
  }

  /**
   * Plans what would make the kernel agree with services; others are not touched.
   *
   * @param services the services wanted, each key once
   * @return the plan; nothing is changed
   * @throws IllegalArgumentException if two services have the same key
   */
  public Plan plan(Collection<VirtualService> services) {
    return new Plan(Planner.converge(services, present(services)), onFailure);
  }

  /**
   * Plans what would make the kernel hold exactly these services.
   *
   * @param services the services wanted, each key once; none to remove all
   * @return the plan; nothing is changed
   * @throws IllegalArgumentException if two services have the same key
   */
  public Plan planReplaceAll(Collection<VirtualService> services) {
    return new Plan(Planner.replaceAll(services, presentAll()), onFailure);
  }

  /**
   * Carries out a plan.
   *
   * @param plan the plan
   * @return what was done
   * @throws ApplyException if a change failed; its report tells what was done and what was taken
   *     back
   */
  @CanIgnoreReturnValue
  public ApplyReport apply(Plan plan) {
    writing.lock();
    try {
      Application application = new Application(driver);
      return finish(application, application.run(plan.changes()), plan.onFailure());
    } finally {
      writing.unlock();
    }
  }

  /**
   * Makes the kernel agree with services; others are not touched. Applying again does nothing. If
   * another program changes the same services meanwhile, the difference is planned anew, up to
   * three times.
   *
   * @param services the services wanted, each key once
   * @return what was done
   * @throws IllegalArgumentException if two services have the same key
   * @throws ApplyException if a change failed; its report tells what was done and what was taken
   *     back
   */
  @CanIgnoreReturnValue
  public ApplyReport apply(VirtualService... services) {
    return apply(List.of(services));
  }

  /**
   * Makes the kernel agree with services; others are not touched. Applying again does nothing. If
   * another program changes the same services meanwhile, the difference is planned anew, up to
   * three times.
   *
   * @param services the services wanted, each key once
   * @return what was done
   * @throws IllegalArgumentException if two services have the same key
   * @throws ApplyException if a change failed; its report tells what was done and what was taken
   *     back
   */
  @CanIgnoreReturnValue
  public ApplyReport apply(Collection<VirtualService> services) {
    return converge(() -> plan(services));
  }

  /**
   * Makes the kernel hold exactly these services, without an empty moment: removals come last.
   *
   * @param services the services wanted, each key once; none to remove all
   * @return what was done
   * @throws IllegalArgumentException if two services have the same key
   * @throws ApplyException if a change failed; its report tells what was done and what was taken
   *     back
   */
  @CanIgnoreReturnValue
  public ApplyReport replaceAll(VirtualService... services) {
    return replaceAll(List.of(services));
  }

  /**
   * Makes the kernel hold exactly these services, without an empty moment: removals come last.
   *
   * @param services the services wanted, each key once; none to remove all
   * @return what was done
   * @throws IllegalArgumentException if two services have the same key
   * @throws ApplyException if a change failed; its report tells what was done and what was taken
   *     back
   */
  @CanIgnoreReturnValue
  public ApplyReport replaceAll(Collection<VirtualService> services) {
    return converge(() -> planReplaceAll(services));
  }

  private ApplyReport converge(Supplier<Plan> planner) {
    writing.lock();
    try {
      Application application = new Application(driver);
      boolean complete = application.run(planner.get().changes());
      for (int round = 1; !complete && round < ROUNDS && application.overtaken(); round++) {
        complete = application.run(planner.get().changes());
      }
      return finish(application, complete, onFailure);
    } finally {
      writing.unlock();
    }
  }

  @CanIgnoreReturnValue
  private ApplyReport finish(Application application, boolean complete, OnFailure onFailure) {
    if (complete) {
      return application.report();
    }
    if (onFailure == OnFailure.ROLL_BACK) {
      application.rollBack();
    }
    throw new ApplyException(driver.name(), application.report());
  }

  private Map<ServiceKey, VirtualService> present(Collection<VirtualService> services) {
    if (services.size() > READ_SINGLY) {
      return presentAll();
    }
    Map<ServiceKey, VirtualService> present = new HashMap<>();
    for (VirtualService service : services) {
      driver
          .service(service.key())
          .ifPresent(state -> present.put(state.key(), state.definition()));
    }
    return present;
  }

  private Map<ServiceKey, VirtualService> presentAll() {
    List<ServiceState> states = services();
    Map<ServiceKey, VirtualService> present = new HashMap<>(states.size() * 2);
    states.forEach(state -> present.put(state.key(), state.definition()));
    return present;
  }

  // -- single services and servers
  // ------------------------------------------------------------------

  /**
   * Makes a service with its real servers.
   *
   * @param service the service
   * @throws AlreadyExistsException if there is one with its key, which is left as it is
   * @throws NotFoundException if the kernel has no such scheduler or persistence engine
   * @throws ApplyException if a real server could not be added; the service is removed again
   */
  public void create(VirtualService service) {
    writing.lock();
    try {
      // The service by itself first: the servers of a batch would end up in somebody else's
      // service.
      single(new Command.AddService(service));
      List<Change> servers = Planner.additions(service);
      Application application = new Application(driver);
      application.made(Planner.addition(service));
      finish(application, application.run(servers), OnFailure.ROLL_BACK);
    } finally {
      writing.unlock();
    }
  }

  /**
   * Makes a service that is there agree with a value, its real servers included.
   *
   * @param service the whole new value
   * @return what was done
   * @throws NotFoundException if there is no service with its key
   * @throws ApplyException if a change failed; its report tells what was done and what was taken
   *     back
   */
  @CanIgnoreReturnValue
  public ApplyReport edit(VirtualService service) {
    return edit(service.key(), present -> service);
  }

  /**
   * Reads a service, makes a new value from it, and makes the kernel agree with that. No other
   * write of this director comes between.
   *
   * @param key the service
   * @param change makes the new value, for example {@code s -> s.realServer("192.0.2.11", r ->
   *     r.weight(3))}; must keep the key
   * @return what was done
   * @throws NotFoundException if there is no such service
   * @throws IllegalArgumentException if the new value has another key
   * @throws ApplyException if a change failed; its report tells what was done and what was taken
   *     back
   */
  @CanIgnoreReturnValue
  public ApplyReport edit(ServiceKey key, UnaryOperator<VirtualService> change) {
    writing.lock();
    try {
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
      return apply(new Plan(Planner.converge(List.of(wanted), Map.of(key, present)), onFailure));
    } finally {
      writing.unlock();
    }
  }

  /**
   * Removes a service with its real servers. Connections end when their next packet comes.
   *
   * @param key the service
   * @throws NotFoundException if there is no such service
   */
  public void remove(ServiceKey key) {
    single(new Command.RemoveService(key));
  }

  /**
   * Adds a real server to a service.
   *
   * @param service the service
   * @param server the real server; port 0 becomes the service's port
   * @throws IllegalArgumentException if the server does not fit the service
   * @throws NotFoundException if there is no such service
   * @throws AlreadyExistsException if the service has a server of this address and port
   */
  public void addServer(ServiceKey service, RealServer server) {
    single(new Command.AddServer(service, server.checkedFor(service)));
  }

  /**
   * Gives a real server a new value, in one exchange with the kernel and without reading first:
   * what the value does not say goes back to its default.
   *
   * @param service the service
   * @param server the whole new value; port 0 becomes the service's port
   * @throws IllegalArgumentException if the server does not fit the service
   * @throws NotFoundException if there is no such service or server
   */
  public void editServer(ServiceKey service, RealServer server) {
    single(new Command.EditServer(service, server.checkedFor(service)));
  }

  /**
   * Removes a real server from a service. To let connections end first, give it weight 0 and wait.
   *
   * @param service the service
   * @param server the real server's address and port
   * @throws NotFoundException if there is no such service or server
   */
  public void removeServer(ServiceKey service, ServerKey server) {
    single(new Command.RemoveServer(service, server));
  }

  private void single(Command command) {
    writing.lock();
    try {
      Outcome outcome = driver.execute(List.of(command)).get(0);
      LvsException error = outcome.error();
      if (error != null) {
        throw error;
      }
    } finally {
      writing.unlock();
    }
  }

  private LvsException absent(String operation, ServiceKey key) {
    int errno = KernelError.ESRCH.number();
    return KernelError.refused(driver.name(), operation, key.toString(), errno, errno, "");
  }

  // -- reading
  // ---------------------------------------------------------------------------------------

  /**
   * Reads one service.
   *
   * @param key the service
   * @return its state, empty if there is none
   */
  public Optional<ServiceState> find(ServiceKey key) {
    return driver.service(key);
  }

  /**
   * Reads every service, again until two readings agree: see {@link Consistency#VERIFIED}.
   *
   * @return the states in the kernel's order
   */
  public List<ServiceState> services() {
    return services(Consistency.VERIFIED);
  }

  /**
   * Reads every service.
   *
   * @param consistency {@link Consistency#SINGLE_PASS} for figures, {@link Consistency#VERIFIED}
   *     for decisions
   * @return the states in the kernel's order
   */
  public List<ServiceState> services(Consistency consistency) {
    return driver.services(consistency);
  }

  /**
   * Reads the connection table piece by piece, as the stream is consumed: it is never held whole.
   *
   * @return a stream, which must be closed
   */
  public Stream<Connection> connections() {
    return driver.connections();
  }

  /**
   * Reads what IPVS says of itself.
   *
   * @return version and size of the connection table
   */
  public IpvsInfo info() {
    return driver.info();
  }

  // -- the table as a whole
  // ----------------------------------------------------------------------------

  /**
   * Reads the whole configuration: services, real servers, time-outs, sync daemons.
   *
   * @return the snapshot
   */
  public Snapshot snapshot() {
    return new Snapshot(
        services().stream().map(ServiceState::definition).toList(),
        driver.timeouts(),
        driver.syncDaemons());
  }

  /**
   * Plans what would bring a snapshot about.
   *
   * @param snapshot the snapshot
   * @return the plan; nothing is changed
   */
  public Plan plan(Snapshot snapshot) {
    return new Plan(Planner.restore(snapshot, snapshot()), onFailure);
  }

  /**
   * Brings a snapshot about, without an empty moment: what is there already stays, removals come
   * last.
   *
   * @param snapshot the snapshot
   * @return what was done
   * @throws ApplyException if a change failed; its report tells what was done and what was taken
   *     back
   */
  @CanIgnoreReturnValue
  public ApplyReport restore(Snapshot snapshot) {
    return converge(() -> plan(snapshot));
  }

  /** Removes every service. Time-outs and sync daemons stay. */
  public void flush() {
    single(new Command.Flush());
  }

  /** Sets the counters of every service and real server to 0. */
  public void zero() {
    single(new Command.Zero(Optional.empty()));
  }

  /**
   * Sets the counters of a service and its real servers to 0.
   *
   * @param key the service
   * @throws NotFoundException if there is no such service
   */
  public void zero(ServiceKey key) {
    single(new Command.Zero(Optional.of(key)));
  }

  /**
   * Reads the connection time-outs.
   *
   * @return the time-outs
   */
  public Timeouts timeouts() {
    return driver.timeouts();
  }

  /**
   * Sets the connection time-outs of connections that change state from now on.
   *
   * @param timeouts the time-outs; 0 leaves one as it is
   */
  public void timeouts(Timeouts timeouts) {
    single(new Command.SetTimeouts(timeouts));
  }

  /**
   * Reads the sync daemons that run.
   *
   * @return none, one, or one of each role
   */
  public List<SyncDaemon> syncDaemons() {
    return driver.syncDaemons();
  }

  /**
   * Starts a sync daemon.
   *
   * @param daemon its options
   * @throws AlreadyExistsException if one of its role is running
   * @throws NotFoundException if there is no such interface
   */
  public void startSync(SyncDaemon daemon) {
    single(new Command.StartDaemon(daemon));
  }

  /**
   * Stops the sync daemon of a role.
   *
   * @param role the role
   * @throws NotFoundException if none is running
   */
  public void stopSync(SyncDaemon.Role role) {
    single(new Command.StopDaemon(role));
  }

  /**
   * Opens the driver again, with the options this director was opened with, and works through it
   * from now on: in the namespace that the name stands for now. For after {@link
   * NamespaceChangedException}. Waits for a write that is under way; reads that are under way end
   * with an exception. If the driver cannot be opened, the director stays as it was.
   *
   * <p>It is never done by itself: a namespace that was made anew has empty tables, and only the
   * caller knows whether what the old one held belongs there.
   *
   * @throws IllegalStateException if the director was made on a driver of the caller's ({@link
   *     #on}), who alone can open it again, or is closed
   * @throws UnavailableException if the driver does not work there
   */
  public void reopen() {
    if (options == null) {
      throw new IllegalStateException(
          "the director was made on a driver of the caller's: open that driver again, and make a"
              + " director on it");
    }
    writing.lock();
    try {
      requireOpen();
      IpvsDriver old = driver;
      driver = DriverSelection.open(Optional.of(old.name()), options);
      old.close();
      if (closed) {
        driver.close();
        requireOpen();
      }
    } finally {
      writing.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the director is closed");
    }
  }

  /** Frees what the driver holds. A second call does nothing. */
  @Override
  public void close() {
    closed = true;
    driver.close();
  }

  /** Returns the driver's name in words. */
  @Override
  public String toString() {
    return "director on " + driver.name();
  }

  /**
   * Options of a director. Not thread-safe.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private @Nullable String driver;
    private @Nullable NetworkNamespace namespace;
    private Duration deadline = DriverOptions.DEFAULT_DEADLINE;
    private OnFailure onFailure = OnFailure.ROLL_BACK;

    private Builder() {}

    /**
     * Names the driver; by default the best that works is taken.
     *
     * @param name {@code netlink}, {@code ipvsadm}, {@code memory}, or that of another provider
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder driver(String name) {
      this.driver = Objects.requireNonNull(name, "driver");
      return this;
    }

    /**
     * Works in a network namespace; by default the process's own.
     *
     * @param namespace the namespace; entering it needs CAP_SYS_ADMIN
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder networkNamespace(NetworkNamespace namespace) {
      this.namespace = Objects.requireNonNull(namespace, "namespace");
      return this;
    }

    /**
     * Works in a network namespace that {@code ip netns} knows.
     *
     * @param name the namespace's name
     * @return this builder
     * @throws IllegalArgumentException if the name could not be one
     */
    @CanIgnoreReturnValue
    public Builder networkNamespace(String name) {
      return networkNamespace(NetworkNamespace.named(name));
    }

    /**
     * Limits how long a request may take. The netlink driver starts to count when an answer is not
     * there at once; for the ipvsadm driver it is the time of each run of the program.
     *
     * @param deadline 1 ms to 1 hour, default 5 seconds
     * @return this builder
     * @throws IllegalArgumentException if the deadline is out of range
     */
    @CanIgnoreReturnValue
    public Builder deadline(Duration deadline) {
      this.deadline = new DriverOptions(Optional.empty(), deadline).deadline();
      return this;
    }

    /**
     * Chooses what apply does when a change fails.
     *
     * @param onFailure default {@link OnFailure#ROLL_BACK}
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder onFailure(OnFailure onFailure) {
      this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
      return this;
    }

    /**
     * Opens the director. Which driver, and why, is logged once at level INFO.
     *
     * @return a director
     * @throws UnavailableException if no driver works; the message lists each with its reason and
     *     the fix
     */
    public Director open() {
      DriverOptions options = new DriverOptions(Optional.ofNullable(namespace), deadline);
      return new Director(
          DriverSelection.open(Optional.ofNullable(driver), options), options, onFailure);
    }
  }
}
