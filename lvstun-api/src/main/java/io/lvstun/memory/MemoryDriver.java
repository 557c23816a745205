// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.KernelLimits;
import io.lvstun.spi.Outcome;
import io.lvstun.state.Connection;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * IPVS without a kernel: the commands, rules and errors of Linux 6.12 on tables in memory, on any
 * operating system. For an application's tests and for dry runs.
 *
 * <p>Thread-safe. Commands are checked in the order in which {@code net/netfilter/ipvs/ip_vs_ctl.c}
 * checks them, and fail with the same exceptions. The table starts empty and lives as long as the
 * driver; {@link #sibling()} gives a second driver on the same table, for what another program
 * does.
 *
 * <p>Not modelled, because it depends on traffic, routing or the machine:
 *
 * <ul>
 *   <li>Nothing is forwarded. Figures stay 0 unless {@link #observe} sets them.
 *   <li>A removed real server does not come back with its old figures, as the kernel's does for
 *       about two minutes.
 *   <li>Addresses of real servers are judged by their kind alone (no multicast, broadcast,
 *       unspecified or IPv6 link-local ones), not by routes and local addresses.
 *   <li>Services are read in the order they were made, those by firewall mark last; the kernel's
 *       order is that of its hash tables. Real servers are read newest first, as the kernel does.
 * </ul>
 *
 * @since 0.1.0
 */
public final class MemoryDriver implements IpvsDriver {

  static final String NAME = "memory";

  private final MemoryTables tables;
  private final Faults faults;
  private final Duration deadline;
  private volatile boolean closed;

  private MemoryDriver(MemoryTables tables, Faults faults, Duration deadline) {
    this.tables = tables;
    this.faults = faults;
    this.deadline = deadline;
  }

  /**
   * Opens a driver on an empty table, with every option at its default.
   *
   * @return the driver
   */
  public static MemoryDriver open() {
    return builder().open();
  }

  /**
   * Begins a driver with options.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Opens another driver on the same tables, as another program on the same host would. It has no
   * faults, and closing one does not close the other.
   *
   * @return the driver
   */
  public MemoryDriver sibling() {
    return sibling(command -> Fault.NONE);
  }

  /**
   * Opens another driver on the same tables, as another program on the same host would. Closing one
   * does not close the other.
   *
   * @param faults decides which of its requests go wrong
   * @return the driver
   */
  public MemoryDriver sibling(Faults faults) {
    return new MemoryDriver(tables, Objects.requireNonNull(faults, "faults"), deadline);
  }

  /**
   * Sets the figures of a real server, as if traffic had made them so. The counters of its service
   * grow by as much as those of the server do, and the service's rates become the sum over its
   * servers.
   *
   * @param service the service
   * @param state the figures; of its definition only the key counts
   * @throws IllegalArgumentException if there is no such service or server
   * @throws IllegalStateException after {@link #close()}
   */
  public void observe(ServiceKey service, ServerState state) {
    requireOpen();
    tables.observe(service, state);
  }

  /**
   * Sets the connection table.
   *
   * @param connections what {@link #connections()} is to return from now on
   * @throws IllegalStateException after {@link #close()}
   */
  public void observeConnections(Collection<Connection> connections) {
    requireOpen();
    tables.observeConnections(List.copyOf(connections));
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Tells that nothing is missing.
   *
   * @return an empty map
   */
  @Override
  public Map<Capability, String> missing() {
    return Map.of();
  }

  @Override
  public List<Outcome> execute(List<Command> commands) {
    requireOpen();
    List<Outcome> outcomes = new ArrayList<>(commands.size());
    for (Command command : List.copyOf(commands)) {
      outcomes.add(execute(command));
    }
    return List.copyOf(outcomes);
  }

  private Outcome execute(Command command) {
    Fault fault = faults.command(command);
    Optional<KernelError> injected = fault.error();
    if (injected.isPresent()) {
      return Outcome.failed(command, refused(command, injected.get()));
    }
    Optional<LvsException> limit = KernelLimits.refusal(NAME, command);
    if (limit.isPresent()) {
      return Outcome.failed(command, limit.get());
    }
    boolean late;
    try {
      late = hold(fault, command.operation(), command.target());
    } catch (LvsException interrupted) {
      return Outcome.failed(command, interrupted);
    }
    Optional<KernelError> error = tables.execute(command);
    if (late) {
      return Outcome.failed(command, late(command.operation(), command.target()));
    }
    return error
        .map(refusal -> Outcome.failed(command, refused(command, refusal)))
        .orElseGet(() -> Outcome.done(command));
  }

  private static LvsException refused(Command command, KernelError error) {
    return KernelError.refused(NAME, command, error.number(), error.number(), "");
  }

  private <T> T read(String operation, String target, Supplier<T> reader) {
    requireOpen();
    Fault fault = faults.read(operation);
    Optional<KernelError> injected = fault.error();
    if (injected.isPresent()) {
      int errno = injected.get().number();
      throw KernelError.refused(NAME, operation, target, errno, errno, "");
    }
    if (hold(fault, operation, target)) {
      throw late(operation, target);
    }
    return reader.get();
  }

  /** Waits as the fault says; tells whether the caller is to hear nothing of the result. */
  private boolean hold(Fault fault, String operation, String target) {
    boolean late = fault.lost() || fault.delay().compareTo(deadline) > 0;
    Duration wait = fault.delay().compareTo(deadline) > 0 ? deadline : fault.delay();
    if (!wait.isZero()) {
      try {
        Thread.sleep(wait.toMillis(), wait.toNanosPart() % 1_000_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LvsException(
            new LvsException.Failure(
                operation, target, NAME, "interrupted while waiting", OptionalInt.empty(), ""),
            e);
      }
    }
    return late;
  }

  private TimeoutException late(String operation, String target) {
    return new TimeoutException(
        new LvsException.Failure(
            operation,
            target,
            NAME,
            "no reply within "
                + deadline.toMillis()
                + " ms; whether it was carried out is not known",
            OptionalInt.empty(),
            "Read the state to learn what happened"));
  }

  @Override
  public List<ServiceState> services(Consistency consistency) {
    Objects.requireNonNull(consistency, "consistency");
    return read("read services", "", tables::services);
  }

  @Override
  public Optional<ServiceState> service(ServiceKey key) {
    Objects.requireNonNull(key, "key");
    return read("read service", key.toString(), () -> tables.service(key));
  }

  @Override
  public Timeouts timeouts() {
    return read("read timeouts", "", tables::timeouts);
  }

  @Override
  public List<SyncDaemon> syncDaemons() {
    return read("read sync daemons", "", tables::syncDaemons);
  }

  @Override
  public IpvsInfo info() {
    return read("read info", "", () -> MemoryTables.INFO);
  }

  @Override
  public Stream<Connection> connections() {
    return read("read connections", "", () -> tables.connections().stream());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the memory driver is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Returns {@code memory driver}. */
  @Override
  public String toString() {
    return "memory driver";
  }

  /**
   * Options of an in-memory driver. Not thread-safe.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private Set<String> schedulers =
        Set.of(
            "rr", "wrr", "lc", "wlc", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq",
            "twos");
    private Set<String> engines = Set.of("sip");
    private final Map<String, Integer> interfaces =
        new HashMap<>(Map.of("lo", 65536, "eth0", 1500));
    private boolean ipv6 = true;
    private Faults faults = command -> Fault.NONE;
    private Duration deadline = DriverOptions.DEFAULT_DEADLINE;

    private Builder() {}

    /**
     * Names the schedulers that there are; others are not found.
     *
     * @param names by default all of Linux 6.12
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder schedulers(Set<String> names) {
      Objects.requireNonNull(names, "names");
      this.schedulers = Set.copyOf(names);
      return this;
    }

    /**
     * Names the persistence engines that there are; others are not found.
     *
     * @param names by default {@code sip}
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder persistenceEngines(Set<String> names) {
      Objects.requireNonNull(names, "names");
      this.engines = Set.copyOf(names);
      return this;
    }

    /**
     * Adds a network interface that a sync daemon can use. By default there are {@code lo} and
     * {@code eth0}.
     *
     * @param name the interface
     * @param mtu its MTU in bytes, at least 68
     * @return this builder
     * @throws IllegalArgumentException if the MTU is below 68
     */
    @CanIgnoreReturnValue
    public Builder networkInterface(String name, int mtu) {
      if (mtu < 68) {
        throw new IllegalArgumentException("mtu must be at least 68, not " + mtu);
      }
      this.interfaces.put(Objects.requireNonNull(name, "name"), mtu);
      return this;
    }

    /**
     * Chooses whether the kernel has IPv6.
     *
     * @param enabled default true
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder ipv6(boolean enabled) {
      this.ipv6 = enabled;
      return this;
    }

    /**
     * Makes requests go wrong.
     *
     * @param faults decides which; by default none does
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder faults(Faults faults) {
      this.faults = Objects.requireNonNull(faults, "faults");
      return this;
    }

    /**
     * Limits how long a request may be held up.
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
     * Opens the driver on an empty table.
     *
     * @return the driver
     */
    public MemoryDriver open() {
      return new MemoryDriver(
          new MemoryTables(schedulers, engines, interfaces, ipv6), faults, deadline);
    }
  }
}
