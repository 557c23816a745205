// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.Command;
import io.lvstun.Director;
import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.health.ServerHealth;
import io.lvstun.rules.Rules;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the kernel's table as desired while it is open: repairs drift, follows health and load,
 * drains and joins servers.
 *
 * <p>Thread-safe: change the desired services at any time from any thread; the controller's own
 * thread does the work. Closing it, or killing its process, leaves the table as it is; the next
 * controller on the same store takes over without an outage.
 *
 * <p>It owns the services that it was given, completely, and former ones until they are removed; it
 * touches no others. Every decision goes to the listeners, to the log (System.Logger {@code
 * io.lvstun.control.Controller}), and into a record that can be read back.
 *
 * @since 0.1.0
 */
public final class Controller implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(Controller.class.getName());
  private static final long CLOSING_PATIENCE = 10_000;

  private final Core core;
  private final Loop loop;
  private final Inbox inbox = new Inbox();
  private final History history;
  private final List<Audience> audiences = new ArrayList<>();
  private final Map<String, Transition> transitions = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final String run;
  private final DesiredStateStore store;
  private final LongSupplier clock;
  private final Thread thread;
  private volatile boolean closed;

  private Controller(Builder builder) {
    clock = steadyClock();
    run = Long.toString(clock.getAsLong(), Character.MAX_RADIX);
    store = builder.store;
    history = new History(builder.historySize);
    for (ControlListener listener : builder.listeners) {
      audiences.add(new Audience(listener));
    }
    core = new Core(builder.period.toMillis(), EnumSet.allOf(SafetyRule.class), builder.dryRun);
    loop =
        new Loop(
            core,
            clock,
            () -> builder.director,
            builder.dryRun ? new ForgetfulStore() : store,
            builder.table,
            this::decided,
            this::ended);
    thread = new Thread(this::run, "lvstun-control");
    thread.setDaemon(true);
  }

  /** Milliseconds since the epoch, without the jumps of the wall clock. */
  private static LongSupplier steadyClock() {
    long wall = System.currentTimeMillis();
    long start = System.nanoTime();
    return () -> wall + (System.nanoTime() - start) / 1_000_000;
  }

  /**
   * Begins a controller.
   *
   * @param director what it works on; it stays the caller's to close, after the controller
   * @return a builder
   */
  public static Builder builder(Director director) {
    return new Builder(director);
  }

  // -- what is wanted -----------------------------------------------------------------------------

  /**
   * Wants services, in place of what was wanted under their keys. Others go on being wanted.
   * Returns at once.
   *
   * @param services the services, each key once
   * @throws IllegalArgumentException if two have the same key, or if one cannot be stored since
   *     {@code ipvsadm} has no options for it
   * @throws IllegalStateException after {@link #close()}
   */
  public void want(ManagedService... services) {
    want(Arrays.asList(services));
  }

  /**
   * Wants services, in place of what was wanted under their keys. Others go on being wanted.
   * Returns at once.
   *
   * @param services the services, each key once
   * @throws IllegalArgumentException if two have the same key, or if one cannot be stored since
   *     {@code ipvsadm} has no options for it
   * @throws IllegalStateException after {@link #close()}
   */
  public void want(Collection<ManagedService> services) {
    tell(new Event.Want(checked(services), false));
  }

  /**
   * Wants exactly these services: those that were wanted before and are not among them are removed,
   * after the others have been brought about. Returns at once.
   *
   * @param services the services, each key once; none to remove all
   * @throws IllegalArgumentException if two have the same key, or if one cannot be stored since
   *     {@code ipvsadm} has no options for it
   * @throws IllegalStateException after {@link #close()}
   */
  public void wantOnly(Collection<ManagedService> services) {
    tell(new Event.Want(checked(services), true));
  }

  /**
   * Wants a service no more: it is removed. Nothing happens if it was not wanted. Returns at once.
   *
   * @param service the service
   * @throws IllegalStateException after {@link #close()}
   */
  public void unwant(ServiceKey service) {
    tell(new Event.Unwant(Objects.requireNonNull(service, "service")));
  }

  private static List<ManagedService> checked(Collection<ManagedService> services) {
    Set<ServiceKey> keys = new HashSet<>();
    for (ManagedService service : services) {
      if (!keys.add(service.key())) {
        throw new IllegalArgumentException("service " + service.key() + " is given twice");
      }
      storable(new Command.AddService(service.service()));
      for (RealServer server : service.service().realServers()) {
        storable(new Command.AddServer(service.key(), server));
      }
    }
    return List.copyOf(services);
  }

  private static void storable(Command command) {
    Rules.obstacle(command)
        .ifPresent(
            obstacle -> {
              throw new IllegalArgumentException("cannot keep " + obstacle);
            });
  }

  // -- health and load ----------------------------------------------------------------------------

  /**
   * Tells what a check knows of a real server. Only the newest word of each check counts.
   *
   * @param destination the real server in its service; one that is not wanted is passed over
   * @param check the check's name; all checks of a server must find it up
   * @param state how its results count, and what they say
   * @throws IllegalStateException after {@link #close()}
   */
  public void checked(Destination destination, String check, ServerHealth.Checked state) {
    Objects.requireNonNull(state, "state");
    tell(
        new Event.Checked(
            Objects.requireNonNull(destination, "destination"),
            Objects.requireNonNull(check, "check"),
            state));
  }

  /**
   * Takes a check away: it has no say any more.
   *
   * @param destination the real server in its service
   * @param check the check's name
   * @throws IllegalStateException after {@link #close()}
   */
  public void unchecked(Destination destination, String check) {
    tell(
        new Event.Checked(
            Objects.requireNonNull(destination, "destination"),
            Objects.requireNonNull(check, "check"),
            null));
  }

  /**
   * Asks for a weight by load. It is kept between 1 and 65535: weight 0 is for servers that leave.
   *
   * @param destination the real server in its service; one that is not wanted is passed over
   * @param weight the weight, or empty for the one of the wanted service
   * @param source where it comes from, for the record
   * @throws IllegalStateException after {@link #close()}
   */
  public void load(Destination destination, OptionalInt weight, String source) {
    tell(
        new Event.Load(
            Objects.requireNonNull(destination, "destination"),
            weight.isPresent() ? weight.getAsInt() : null,
            Objects.requireNonNull(source, "source")));
  }

  // -- drain and join -----------------------------------------------------------------------------

  /**
   * Drains a real server: gives it weight 0, waits until no connection is left or the time is up,
   * and removes it. It stays out, also after a restart, until it joins again.
   *
   * <p>While no other server of the service is healthy, it goes on serving; if that is so when the
   * time is up, the drain ends without reaching its aim.
   *
   * @param destination the real server in its service
   * @param options how long, and what counts as a connection
   * @return the drain under way
   * @throws IllegalStateException after {@link #close()}
   */
  @CanIgnoreReturnValue
  public Transition drain(Destination destination, DrainOptions options) {
    return drain(List.of(destination), options);
  }

  /**
   * Drains real servers, all at once: see {@link #drain(Destination, DrainOptions)}.
   *
   * @param destinations the real servers in their services
   * @param options how long, and what counts as a connection
   * @return the drain under way
   * @throws IllegalStateException after {@link #close()}
   */
  @CanIgnoreReturnValue
  public Transition drain(Collection<Destination> destinations, DrainOptions options) {
    long now = clock.getAsLong();
    Transition transition = transition("drain");
    tell(
        new Event.Drain(
            transition.name(),
            List.copyOf(destinations),
            now + options.deadline().toMillis(),
            now + options.udpDeadline().toMillis(),
            options.waitsForTemplates(),
            ""));
    return transition;
  }

  /**
   * Lets a real server in that was drained, or is in the wanted service already: when its checks
   * have found it up, it is added, with a slow start if the service has one. Without checks it is
   * added at once. If its checks do not find it up in time, it stays out.
   *
   * @param destination the real server in its service
   * @param deadline how long to wait for its checks
   * @return the join under way
   * @throws IllegalStateException after {@link #close()}
   */
  @CanIgnoreReturnValue
  public Transition join(Destination destination, Duration deadline) {
    return join(destination, null, deadline);
  }

  /**
   * Adds a real server to the wanted service and lets it in as {@link #join(Destination, Duration)}
   * does.
   *
   * @param service the service
   * @param server the real server; port 0 becomes the service's port
   * @param deadline how long to wait for its checks
   * @return the join under way
   * @throws IllegalArgumentException if the server does not fit the service
   * @throws IllegalStateException after {@link #close()}
   */
  @CanIgnoreReturnValue
  public Transition join(ServiceKey service, RealServer server, Duration deadline) {
    RealServer whole = fitted(service, server);
    return join(new Destination(service, whole.key()), whole, deadline);
  }

  private static RealServer fitted(ServiceKey service, RealServer server) {
    boolean portless = server.port() == 0;
    int port = portless && service instanceof ServiceKey.Endpoint it ? it.port() : server.port();
    RealServer whole = portless ? server.port(port) : server;
    storable(new Command.AddServer(service, whole));
    return whole;
  }

  private Transition join(Destination destination, @Nullable RealServer server, Duration deadline) {
    Transition transition = transition("join");
    tell(
        new Event.Join(
            transition.name(), destination, server, clock.getAsLong() + deadline.toMillis()));
    return transition;
  }

  /**
   * Puts a real server in another's place: the new one joins, and when its checks have found it up,
   * the old one is drained, removed, and wanted no more. If the new one is not found up in time, it
   * stays out and the old one serves on. Goes on after a restart of the process.
   *
   * @param old the real server that leaves
   * @param replacement the real server that comes; port 0 becomes the service's port
   * @param deadline how long to wait for the checks of the new one
   * @param drain how long the old one may take to drain; counted from when the new one has joined
   * @return the replacement under way
   * @throws IllegalArgumentException if the new server does not fit the service
   * @throws IllegalStateException after {@link #close()}
   */
  @CanIgnoreReturnValue
  public Transition replace(
      Destination old, RealServer replacement, Duration deadline, DrainOptions drain) {
    RealServer whole = fitted(old.service(), replacement);
    Transition transition = transition("replace");
    tell(
        new Event.Replace(
            transition.name(),
            old,
            whole,
            clock.getAsLong() + deadline.toMillis(),
            drain.deadline().toMillis(),
            drain.waitsForTemplates()));
    return transition;
  }

  /**
   * Restarts real servers one after another: each is drained from the services that it is in here,
   * the action is run, and it joins again. Stops at the first server that cannot be drained,
   * restarted, or found up; that one stays out. The action runs on a thread of its own.
   *
   * <p>After a restart of this process, servers that were being drained go on, and those that were
   * out stay out; what is left of the sequence is begun again by calling this with the servers that
   * are left: one that is out already is not drained again.
   *
   * @param servers the real servers, each with the services that it is in here
   * @param action restarts one server, and may be called again for one that was restarted before
   * @param deadline how long to wait for the checks of each after its restart
   * @param drain how long each may take to drain
   * @return the rolling restart under way; cancelling it ends it after the step that it is at
   * @throws IllegalStateException after {@link #close()}
   */
  @CanIgnoreReturnValue
  public Transition rollingRestart(
      List<Set<Destination>> servers, RestartAction action, Duration deadline, DrainOptions drain) {
    if (closed) {
      throw new IllegalStateException("the controller is closed");
    }
    String name = "rolling-restart-" + run + '-' + numbers.incrementAndGet();
    RollingRestart restart = new RollingRestart(this, name, servers, action, deadline, drain);
    transitions.put(name, restart.transition());
    restart.start(() -> transitions.remove(name));
    return restart.transition();
  }

  private Transition transition(String kind) {
    String name = kind + '-' + run + '-' + numbers.incrementAndGet();
    Transition transition = new Transition(name, () -> tell(new Event.Cancel(name)));
    transitions.put(name, transition);
    return transition;
  }

  private void ended(Action.Finish finish) {
    Transition transition = transitions.remove(finish.operation());
    if (transition != null) {
      transition.finish(new Transition.Outcome(finish.reached(), finish.outcome()));
    }
  }

  // -- the record ---------------------------------------------------------------------------------

  /**
   * Returns the last decisions.
   *
   * @return oldest first
   */
  public List<Decision> history() {
    return history.select(decision -> true);
  }

  /**
   * Returns the last decisions about a real server, in whichever services it is.
   *
   * @param server the real server
   * @return oldest first
   */
  public List<Decision> history(ServerKey server) {
    return history.select(decision -> decision.server().filter(server::equals).isPresent());
  }

  /**
   * Returns the last decisions about a service and its servers.
   *
   * @param service the service
   * @return oldest first
   */
  public List<Decision> history(ServiceKey service) {
    return history.select(decision -> decision.service().filter(service::equals).isPresent());
  }

  private void decided(Decision decision) {
    history.add(decision);
    LOGGER.log(decision.kind().trouble() ? Level.WARNING : Level.INFO, decision::toString);
    audiences.forEach(audience -> audience.tell(decision));
  }

  // -- the loop -----------------------------------------------------------------------------------

  private void tell(Event event) {
    if (closed) {
      throw new IllegalStateException("the controller is closed");
    }
    inbox.put(event);
  }

  private void begin() throws IOException {
    Event.Started started = loop.begin();
    thread.start();
    inbox.put(started);
  }

  private void run() {
    while (!closed) {
      try {
        Event event = inbox.pollMillis(core.wakeAt() - clock.getAsLong());
        if (event != null) {
          loop.deliver(event);
        }
        if (!closed && clock.getAsLong() >= core.wakeAt()) {
          loop.deliver(new Event.Tick());
        }
      } catch (InterruptedException e) {
        // Only close() interrupts, and it has said so.
      } catch (RuntimeException e) {
        LOGGER.log(Level.ERROR, "the control loop failed and goes on with the next reading", e);
        loop.recover();
      }
    }
  }

  /**
   * Ends the loop after what it is doing at the moment. The table stays as it is. A second call
   * does nothing.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!Thread.currentThread().equals(thread)) {
        inbox.put(new Event.Tick());
        thread.join(CLOSING_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    audiences.forEach(Audience::close);
    transitions.values().forEach(Transition::abandon);
    store.close();
  }

  /** Says what it keeps. */
  @Override
  public String toString() {
    return "controller with its state in " + store.place();
  }

  /**
   * Options of a controller. Not thread-safe.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(100);
    private static final Duration LONGEST_PERIOD = Duration.ofHours(1);

    private final Director director;
    private final List<ControlListener> listeners = new ArrayList<>();
    private DesiredStateStore store = DesiredStateStore.none();
    private Duration period = Duration.ofSeconds(5);
    private int historySize = 10_000;
    private boolean dryRun;
    private String table = TableIdentity.of(Path.of("/proc/self/ns/net"));

    private Builder(Director director) {
      this.director = Objects.requireNonNull(director, "director");
    }

    /**
     * Keeps what must be remembered in a store, which the controller will close.
     *
     * @param store default {@link DesiredStateStore#none()}
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder store(DesiredStateStore store) {
      this.store = Objects.requireNonNull(store, "store");
      return this;
    }

    /**
     * Names the director's network namespace, so that a stored state is not taken for that of
     * another table.
     *
     * @param namespace default: the process's own
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder networkNamespace(NetworkNamespace namespace) {
      table = TableIdentity.of(namespace.path());
      return this;
    }

    /**
     * Sets how often the table is read and compared: what others change is repaired within that.
     *
     * @param period 100 ms to 1 hour, default 5 seconds
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    @CanIgnoreReturnValue
    public Builder period(Duration period) {
      if (period.compareTo(SHORTEST_PERIOD) < 0 || period.compareTo(LONGEST_PERIOD) > 0) {
        throw new IllegalArgumentException("period must be 100 ms to 1 hour, not " + period);
      }
      this.period = period;
      return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener hears of every decision
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder listener(ControlListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Sets how many decisions are kept for {@link Controller#history()}.
     *
     * @param size 1 to 1,000,000, default 10,000
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    @CanIgnoreReturnValue
    public Builder historySize(int size) {
      if (size < 1 || size > 1_000_000) {
        throw new IllegalArgumentException("history size must be 1 to 1000000, not " + size);
      }
      historySize = size;
      return this;
    }

    /**
     * Decides without changing anything: what would be done is told as {@link
     * Decision.Kind#WOULD_APPLY}, and nothing is stored.
     *
     * @param enabled default false
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder dryRun(boolean enabled) {
      dryRun = enabled;
      return this;
    }

    /**
     * Opens the controller: it goes on with what its store says is wanted, and takes over what it
     * finds in the table.
     *
     * @return a controller
     * @throws LvsException if the store cannot be read, is in use, or holds something else
     */
    public Controller open() {
      Controller controller = new Controller(this);
      try {
        controller.begin();
        return controller;
      } catch (IOException e) {
        controller.close();
        throw new LvsException(
            new LvsException.Failure(
                "open controller",
                store.place(),
                director.driver(),
                String.valueOf(e.getMessage()),
                OptionalInt.empty(),
                ""),
            e);
      }
    }
  }
}
