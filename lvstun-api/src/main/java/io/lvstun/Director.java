// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.rules.Loss;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.state.Connection;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServiceState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Controls IPVS in one network namespace: reads its tables and applies the desired services.
 *
 * <p>Thread-safe: writes through one director are serialised, reads do not wait. Must be closed.
 *
 * <p>Other programs may write at the same time. {@code apply}, {@code replaceAll}, {@code edit} and
 * {@code restore} read back what they wrote before they return, and write it again if another
 * program has changed it, until the deadline; then they fail, and {@link ApplyReport#differing()}
 * lists the differences. In that case everything missing has been added, and nothing was removed or
 * rolled back, so the table is not emptier than requested. If nothing was written, nothing is read
 * back. Two programs that want different tables can briefly see each other's half-done changes;
 * {@link Builder#writerLock()} makes those that use it take turns.
 *
 * <p>An interrupt ends a write as soon as the driver answers: the outcome is read back and, with
 * {@link OnFailure#ROLL_BACK}, rolled back, and the {@link ApplyException} reports it; the
 * interrupt status stays set. Roll-back has its own deadline, as long as the director's, and
 * interrupts do not end it. {@link #close()} waits for a write in progress.
 *
 * <p>An interface, so that an application's tests can put a mock or a fake in its place. Its
 * methods are called, not implemented: a new one may be added in any version.
 *
 * <p>Every method that reaches the kernel throws {@link PermissionException} without CAP_NET_ADMIN,
 * {@link TimeoutException} after the deadline, {@link ProtocolException} after a malformed reply,
 * {@link NamespaceChangedException} once the name of its namespace stands for another one, and
 * {@link IllegalStateException} after {@link #close()}.
 *
 * @since 0.1.0
 */
public interface Director extends AutoCloseable {

  /**
   * Opens the best driver that works here, in the process's own network namespace, with the default
   * deadline of 5 seconds. Which one, and why, is logged once at level INFO.
   *
   * @return a director
   * @throws UnavailableException if no driver works; the message lists each with its reason and the
   *     fix
   */
  static Director open() {
    return builder().open();
  }

  /**
   * Returns a director on a driver of the caller's, for example the in-memory driver in tests.
   *
   * @param driver the driver, which the director will close
   * @return a director
   */
  static Director on(IpvsDriver driver) {
    return DriverDirector.on(Objects.requireNonNull(driver, "driver"), OnFailure.ROLL_BACK);
  }

  /**
   * Begins a director with options.
   *
   * @return a builder
   */
  static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the name of the driver in use.
   *
   * @return for example {@code "netlink"}
   */
  String driver();

  /**
   * Tells what the driver in use cannot do.
   *
   * @return each missing capability with the reason
   */
  Map<Capability, String> missing();

  // -- plan and apply

  /**
   * Plans what would make the kernel agree with services; others are not touched.
   *
   * @param services the services wanted, each key once
   * @return the plan; nothing is changed
   * @throws IllegalArgumentException if two services have the same key
   */
  default Plan plan(VirtualService... services) {
    return plan(List.of(services));
  }

  /**
   * Plans what would make the kernel agree with services; others are not touched.
   *
   * @param services the services wanted, each key once
   * @return the plan; nothing is changed
   * @throws IllegalArgumentException if two services have the same key
   */
  Plan plan(Collection<VirtualService> services);

  /**
   * Plans what would make the kernel hold exactly these services.
   *
   * @param services the services wanted, each key once; none to remove all
   * @return the plan; nothing is changed
   * @throws IllegalArgumentException if two services have the same key
   */
  default Plan planReplaceAll(VirtualService... services) {
    return planReplaceAll(List.of(services));
  }

  /**
   * Plans what would make the kernel hold exactly these services.
   *
   * @param services the services wanted, each key once; none to remove all
   * @return the plan; nothing is changed
   * @throws IllegalArgumentException if two services have the same key
   */
  Plan planReplaceAll(Collection<VirtualService> services);

  /**
   * Carries out a plan. When it returns, what the plan's changes bring about was read back and is
   * there.
   *
   * @param plan the plan
   * @return what was done
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  ApplyReport apply(Plan plan);

  /**
   * Makes the kernel agree with services; others are not touched. Applying again does nothing. When
   * it returns, the services it wrote were read back and are as wanted.
   *
   * @param services the services wanted, each key once
   * @return what was done
   * @throws IllegalArgumentException if two services have the same key
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  default ApplyReport apply(VirtualService... services) {
    return apply(List.of(services));
  }

  /**
   * Makes the kernel agree with services; others are not touched. Applying again does nothing. When
   * it returns, the services it wrote were read back and are as wanted.
   *
   * @param services the services wanted, each key once
   * @return what was done
   * @throws IllegalArgumentException if two services have the same key
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  ApplyReport apply(Collection<VirtualService> services);

  /**
   * Makes the kernel hold exactly these services, without an empty moment: removals come last. When
   * it returns after a write, the whole table was read back and is as wanted.
   *
   * @param services the services wanted, each key once; none to remove all
   * @return what was done
   * @throws IllegalArgumentException if two services have the same key
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  default ApplyReport replaceAll(VirtualService... services) {
    return replaceAll(List.of(services));
  }

  /**
   * Makes the kernel hold exactly these services, without an empty moment: removals come last. When
   * it returns after a write, the whole table was read back and is as wanted.
   *
   * @param services the services wanted, each key once; none to remove all
   * @return what was done
   * @throws IllegalArgumentException if two services have the same key
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  ApplyReport replaceAll(Collection<VirtualService> services);

  // -- single services and servers

  /**
   * Makes a service with its real servers.
   *
   * @param service the service
   * @throws AlreadyExistsException if there is one with its key, which is left as it is
   * @throws NotFoundException if the kernel has no such scheduler or persistence engine
   * @throws ApplyException if a real server could not be added; the service is removed again
   */
  void create(VirtualService service);

  /**
   * Makes a service that is there agree with a value, its real servers included.
   *
   * @param service the whole new value
   * @return what was done
   * @throws NotFoundException if there is no service with its key
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  ApplyReport edit(VirtualService service);

  /**
   * Reads a service, makes a new value from it, and makes the kernel agree with that. No other
   * write of this director comes between. What another program changes meanwhile in other parts of
   * the service is kept.
   *
   * @param key the service
   * @param change makes the new value, for example {@code s -> s.realServer("192.0.2.11", r ->
   *     r.weight(3))}; must keep the key
   * @return what was done
   * @throws NotFoundException if there is no such service
   * @throws IllegalArgumentException if the new value has another key
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  ApplyReport edit(ServiceKey key, UnaryOperator<VirtualService> change);

  /**
   * Removes a service with its real servers. Connections end when their next packet comes.
   *
   * @param key the service
   * @throws NotFoundException if there is no such service
   */
  void remove(ServiceKey key);

  /**
   * Adds a real server to a service.
   *
   * @param service the service
   * @param server the real server; port 0 becomes the service's port
   * @throws IllegalArgumentException if the server does not fit the service
   * @throws NotFoundException if there is no such service
   * @throws AlreadyExistsException if the service has a server of this address and port
   */
  void addRealServer(ServiceKey service, RealServer server);

  /**
   * Gives a real server a new value, in one exchange with the kernel and without reading first:
   * what the value does not say goes back to its default. To change only the weight, see {@link
   * #setWeight}. A value that could not be added (a tunnel to another port, local, bypass) is
   * written if it keeps the forwarding of the server that is there, which is read then.
   *
   * @param service the service
   * @param server the whole new value; port 0 becomes the service's port
   * @throws IllegalArgumentException if the server does not fit the service
   * @throws NotFoundException if there is no such service or server
   */
  void editRealServer(ServiceKey service, RealServer server);

  /**
   * Gives a real server another weight and keeps everything else: forwarding, tunnel, thresholds.
   * The server is read first. Works on servers of any kind, whoever made them.
   *
   * @param service the service
   * @param server the real server's address and port
   * @param weight 0 to 65535; 0 keeps connections and takes no new ones
   * @throws IllegalArgumentException if the weight is out of range
   * @throws NotFoundException if there is no such service or server
   */
  void setWeight(ServiceKey service, ServerKey server, int weight);

  /**
   * Removes a real server from a service at once. To let connections end first, see {@link #drain}.
   *
   * @param service the service
   * @param server the real server's address and port
   * @throws NotFoundException if there is no such service or server
   */
  void removeRealServer(ServiceKey service, ServerKey server);

  /**
   * Takes a real server out of service without cutting anybody off: gives it weight 0, waits until
   * it has no active connection or the time is up, and removes it. Blocks; other writes are not
   * held up meanwhile.
   *
   * @param service the service
   * @param server the real server's address and port
   * @param patience how long to wait, not negative; then the server is removed all the same
   * @return how it ended: {@link DrainReport#drained()} is false if connections were left
   * @throws IllegalArgumentException if the patience is negative
   * @throws NotFoundException if there is no such service or server
   * @throws LvsException if the thread is interrupted: the server stays, at weight 0, and the
   *     interrupt status stays set
   */
  @CanIgnoreReturnValue
  default DrainReport drain(ServiceKey service, ServerKey server, Duration patience) {
    return drain(service, server, patience, progress -> {});
  }

  /**
   * Takes a real server out of service without cutting anybody off, as {@link #drain(ServiceKey,
   * ServerKey, Duration)}, and tells how far it has come. With persistence, set the kernel's {@code
   * net.ipv4.vs.expire_quiescent_template} to 1, or clients that are bound to the server keep
   * coming. A server that another program removes meanwhile counts as removed.
   *
   * @param service the service
   * @param server the real server's address and port
   * @param patience how long to wait, not negative; then the server is removed all the same
   * @param progress is told after each look, twice a second, by the calling thread
   * @return how it ended
   * @throws IllegalArgumentException if the patience is negative
   * @throws NotFoundException if there is no such service or server
   * @throws LvsException if the thread is interrupted: the server stays, at weight 0, and the
   *     interrupt status stays set
   */
  @CanIgnoreReturnValue
  DrainReport drain(
      ServiceKey service, ServerKey server, Duration patience, Consumer<DrainReport> progress);

  // -- reading

  /**
   * Reads one service.
   *
   * @param key the service
   * @return its state, empty if there is none
   */
  Optional<ServiceState> find(ServiceKey key);

  /**
   * Reads every service, again until two readings agree: see {@link Consistency#VERIFIED}.
   *
   * @return the states in the kernel's order
   */
  List<ServiceState> services();

  /**
   * Reads every service.
   *
   * @param consistency {@link Consistency#SINGLE_PASS} for figures, {@link Consistency#VERIFIED}
   *     for decisions
   * @return the states in the kernel's order
   */
  List<ServiceState> services(Consistency consistency);

  /**
   * Prints the table as {@code ipvsadm -L -n} does. Other views: {@link io.lvstun.rules.Listing}.
   *
   * @return the lines, each ended by a line feed
   */
  String listing();

  /**
   * Reads the connection table piece by piece, as the stream is consumed: it is never held whole.
   *
   * @return a stream, which must be closed
   */
  Stream<Connection> connections();

  /**
   * Reads what IPVS says of itself.
   *
   * @return version and size of the connection table
   */
  IpvsInfo info();

  // -- the table as a whole

  /**
   * Reads the whole configuration: services, real servers, time-outs, sync daemons.
   *
   * @return the snapshot
   */
  Snapshot snapshot();

  /**
   * Plans what would bring a snapshot about.
   *
   * @param snapshot the snapshot
   * @return the plan; nothing is changed
   */
  Plan plan(Snapshot snapshot);

  /**
   * Brings a snapshot about, without an empty moment: what is there already stays, removals come
   * last.
   *
   * @param snapshot the snapshot
   * @return what was done
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  ApplyReport restore(Snapshot snapshot);

  /**
   * Writes the configuration into a file that {@code ipvsadm-restore} reads, replacing the file in
   * one step: services, real servers with thresholds, time-outs, sync daemons. The file is where
   * the host restores it from when it boots: {@code /etc/sysconfig/ipvsadm} on Red Hat's systems
   * ({@code systemctl enable ipvsadm}), {@code /etc/ipvsadm.rules} on Debian's.
   *
   * @param file the file; its folder must exist
   * @return what the text cannot carry, by name; empty if the file says everything
   * @throws java.io.UncheckedIOException if the file cannot be written; it is left as it was
   */
  List<Loss> save(Path file);

  /**
   * Makes the kernel hold exactly the services of a file that {@link #save} or {@code ipvsadm-save}
   * wrote, without an empty moment. Time-outs and sync daemons are brought about as far as the file
   * names them, and left alone otherwise.
   *
   * @param file the file
   * @return what was done
   * @throws java.io.UncheckedIOException if the file cannot be read
   * @throws io.lvstun.rules.RulesSyntaxException if it is not what {@code ipvsadm -R} reads;
   *     nothing is changed
   * @throws IllegalArgumentException if a line would be refused by the kernel, such as a service
   *     named twice; nothing is changed
   * @throws ApplyException if a change failed or another program kept interfering; its report tells
   *     what was done, what was taken back and what differs
   */
  @CanIgnoreReturnValue
  ApplyReport restore(Path file);

  /** Removes every service. Time-outs and sync daemons stay. */
  void flush();

  /** Sets the counters of every service and real server to 0. */
  void zero();

  /**
   * Sets the counters of a service and its real servers to 0.
   *
   * @param key the service
   * @throws NotFoundException if there is no such service
   */
  void zero(ServiceKey key);

  /**
   * Reads the connection time-outs.
   *
   * @return the time-outs
   */
  Timeouts timeouts();

  /**
   * Sets the connection time-outs of connections that change state from now on.
   *
   * @param timeouts the time-outs; 0 leaves one as it is
   */
  void timeouts(Timeouts timeouts);

  /**
   * Reads the sync daemons that run.
   *
   * @return none, one, or one of each role
   */
  List<SyncDaemon> syncDaemons();

  /**
   * Starts a sync daemon.
   *
   * @param daemon its options
   * @throws AlreadyExistsException if one of its role is running
   * @throws NotFoundException if there is no such interface
   */
  void startSync(SyncDaemon daemon);

  /**
   * Stops the sync daemon of a role.
   *
   * @param role the role
   * @throws NotFoundException if none is running
   */
  void stopSync(SyncDaemon.Role role);

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
  void reopen();

  /**
   * Frees what the driver holds. Waits for a write that is under way, which ends within its
   * deadlines and reports as usual; writes that begin later throw {@link IllegalStateException}. A
   * second call does nothing.
   */
  @Override
  void close();

  /**
   * Options of a director. Not thread-safe.
   *
   * @since 0.1.0
   */
  final class Builder {

    private @Nullable String driver;
    private @Nullable NetworkNamespace namespace;
    private Duration deadline = DriverOptions.DEFAULT_DEADLINE;
    private OnFailure onFailure = OnFailure.ROLL_BACK;
    private boolean readBack = true;
    private @Nullable Path lockFolder;

    private Builder() {}

    /**
     * Names the driver; by default the best that works is taken.
     *
     * @param name {@code netlink}, {@code ipvsadm}, {@code memory}, or that of another provider
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder driver(String name) {
      this.driver = Objects.requireNonNull(name, "name");
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
     * Limits how long a request may take, and how long a write goes on against another program that
     * changes the same services. The netlink driver starts to count when an answer is not there at
     * once; for the ipvsadm driver it is the time of each run of the program.
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
     * Chooses whether what was written is read back before a call returns.
     *
     * @param readBack default true; false saves the reading where nobody else writes
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder readBack(boolean readBack) {
      this.readBack = readBack;
      return this;
    }

    /**
     * Makes directors that ask for it write one after the other, in any process of this host that
     * sees the same {@code /run/lvstun}: see {@link #writerLock(Path)}.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder writerLock() {
      return writerLock(Path.of("/run/lvstun"));
    }

    /**
     * Makes directors that ask for it write one after the other: each write takes a lock on a file
     * in a folder, named after the identity of the network namespace, and gives it back at the end.
     * The kernel takes the lock from a process that dies. Programs that do not ask for it, such as
     * {@code ipvsadm} and keepalived, are not held up. A write that does not get the lock within
     * the deadline throws {@link TimeoutException}, which names the process that has it.
     *
     * @param folder the folder, on a local file system; made if it is not there
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder writerLock(Path folder) {
      this.lockFolder = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /**
     * Opens the director. Which driver, and why, is logged once at level INFO.
     *
     * @return a director
     * @throws UnavailableException if no driver works; the message lists each with its reason and
     *     the fix
     * @throws LvsException if the writer lock's file cannot be named
     */
    public Director open() {
      DriverOptions options = new DriverOptions(Optional.ofNullable(namespace), deadline);
      WriterLock lock = lockFolder == null ? null : WriterLock.in(lockFolder, options);
      return new DriverDirector(
          DriverSelection.open(Optional.ofNullable(driver), options),
          options,
          onFailure,
          new DriverDirector.Settings(
              deadline, readBack, lock, System::nanoTime, DriverDirector::sleep));
    }
  }
}
