// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

import static java.lang.System.Logger.Level.WARNING;

import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows which VRRP instances of keepalived are master on this director.
 *
 * <pre>{@code
 * RoleWatch watch =
 *     RoleWatch.builder()
 *         .fifo(Path.of("/run/keepalived.fifo"))
 *         .instance("VI_1", "192.168.1.200")
 *         .listener(event -> log(event))
 *         .start();
 * }</pre>
 *
 * <p>Roles come from two sources. keepalived writes each change to its notify FIFO (the statement
 * {@code notify_fifo} in {@code global_defs}) at once. What it wrote while nobody was reading, or
 * could not write because it was killed, comes from the kernel: an instance is master if all of its
 * virtual addresses are local, and is not if none is; while only some are, its role stays. The
 * watch looks at the addresses when it starts, when it opens the FIFO, and every {@linkplain
 * Builder#interval interval}; a look that contradicts the FIFO counts once the next look agrees.
 *
 * <p>When keepalived ends, it unlinks a FIFO that it created; the watch opens the next one. A FIFO
 * that you created ({@code mkfifo -m 600}) survives restarts. A FIFO that every user may write to
 * is refused, and a line that keepalived does not write causes an event and nothing else.
 *
 * <p>Events arrive one at a time, on threads of the watch. A listener that blocks delays later
 * events and nothing else; exceptions from it are logged. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RoleWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(RoleWatch.class.getName());

  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Path fifo;
  private final Map<String, List<InetAddress>> instances;
  private final Host host;
  private final Consumer<RoleEvent> listener;
  private final ScheduledExecutorService timer;
  private final Object telling = new Object();

  private final Map<String, VrrpRole> roles = new HashMap<>();
  private final Map<String, VrrpRole> doubts = new HashMap<>();

  /** Why addresses could not be looked at, by instance. */
  private final Map<String, String> unknown = new ConcurrentHashMap<>();

  private @Nullable NotifyFifo open;
  private String lastLoss = "";
  private boolean closed;

  private RoleWatch(Builder builder, Path fifo) {
    this.fifo = fifo;
    instances = Map.copyOf(builder.instances);
    host = builder.host;
    listener = builder.listener;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lvstun-role-watch");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Returns a builder.
   *
   * @return a builder of a watch that follows nothing yet
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the role of an instance.
   *
   * @param instance its name
   * @return its role; empty if nothing is known of it
   */
  public Optional<VrrpRole> role(String instance) {
    Objects.requireNonNull(instance, "instance");
    synchronized (roles) {
      return Optional.ofNullable(roles.get(instance));
    }
  }

  /**
   * Returns all roles that are known.
   *
   * @return the role by name of the instance or, with {@code group } before it, of the sync group
   */
  public Map<String, VrrpRole> roles() {
    synchronized (roles) {
      return Map.copyOf(roles);
    }
  }

  // ---- the FIFO ----

  /** Opens the FIFO if it is not open, and looks at the addresses. */
  private void look() {
    NotifyFifo current = open();
    String lost = current == null ? "" : current.lost(fifo);
    if (current != null && !lost.isEmpty()) {
      close(current);
      lost(lost);
      current = null;
    }
    if (current == null) {
      reopen();
    }
    instances.forEach(this::look);
  }

  private void lookAgain() {
    try {
      look();
    } catch (RuntimeException e) {
      // A host of somebody else's may throw anything; the next look comes all the same.
      LOG.log(WARNING, () -> "cannot look at " + host.label(), e);
    }
  }

  private @Nullable NotifyFifo open() {
    synchronized (roles) {
      return open;
    }
  }

  private void reopen() {
    NotifyFifo made;
    try {
      made = NotifyFifo.open(fifo);
    } catch (IOException e) {
      lost(NotifyFifo.reason(e));
      return;
    }
    synchronized (roles) {
      if (closed) {
        close(made);
        return;
      }
      open = made;
      lastLoss = "";
    }
    tell(new RoleEvent.FifoOpened(Instant.now(), fifo));
    Thread reader = new Thread(() -> read(made), "lvstun-role-watch-fifo");
    reader.setDaemon(true);
    reader.start();
  }

  /** Tells of a loss once, however long it lasts. */
  private void lost(String reason) {
    synchronized (roles) {
      if (closed || reason.equals(lastLoss)) {
        return;
      }
      lastLoss = reason;
    }
    tell(new RoleEvent.FifoLost(Instant.now(), fifo, ForeignText.printable(reason)));
  }

  private void close(NotifyFifo one) {
    synchronized (roles) {
      if (open == one) {
        open = null;
      }
    }
    try {
      one.close();
    } catch (IOException e) {
      LOG.log(WARNING, () -> "cannot close " + fifo, e);
    }
  }

  private void read(NotifyFifo from) {
    try {
      from.read(
          this::heard,
          line -> refuse(line, "it is longer than " + NotifyFifo.LONGEST_LINE + " bytes"));
    } catch (IOException e) {
      if (open() == from) {
        close(from);
        lost(NotifyFifo.reason(e));
      }
    }
  }

  private void heard(String line) {
    Optional<NotifyLine> read;
    try {
      read = NotifyLine.parse(line);
    } catch (IllegalArgumentException e) {
      refuse(line, String.valueOf(e.getMessage()));
      return;
    }
    read.ifPresent(
        one ->
            one.role()
                .ifPresent(
                    role ->
                        become(
                            one.name(), one.group(), role, RoleEvent.Source.FIFO, one.priority())));
  }

  private void refuse(String line, String reason) {
    tell(new RoleEvent.LineRefused(Instant.now(), ForeignText.printable(line), reason));
  }

  // ---- the addresses ----

  private void look(String instance, List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    int local = 0;
    try {
      for (InetAddress address : addresses) {
        local += isLocal(address) ? 1 : 0;
      }
    } catch (HostException e) {
      unknown(instance, ForeignText.printable(String.valueOf(e.getMessage())));
      return;
    }
    unknown.remove(instance);
    if (local != 0 && local != addresses.size()) {
      // keepalived adds and removes them one by one: it is at work.
      return;
    }
    VrrpRole seen = local == 0 ? VrrpRole.BACKUP : VrrpRole.MASTER;
    synchronized (roles) {
      VrrpRole known = roles.get(instance);
      boolean agrees = known != null && (known == VrrpRole.MASTER) == (seen == VrrpRole.MASTER);
      if (agrees) {
        doubts.remove(instance);
        return;
      }
      if (known != null && doubts.put(instance, seen) != seen) {
        return;
      }
      doubts.remove(instance);
    }
    become(instance, false, seen, RoleEvent.Source.ADDRESSES, OptionalInt.empty());
  }

  /** Tells of a failure once, however long it lasts. */
  private void unknown(String instance, String reason) {
    if (!reason.equals(unknown.put(instance, reason))) {
      tell(new RoleEvent.AddressesUnknown(Instant.now(), instance, reason));
    }
  }

  private boolean isLocal(InetAddress address) {
    boolean ipv4 = address instanceof Inet4Address;
    HostCommand command =
        HostCommand.of(
                List.of(
                    "ip",
                    ipv4 ? "-4" : "-6",
                    "-oneline",
                    "address",
                    "show",
                    "to",
                    IpAddress.format(address) + (ipv4 ? "/32" : "/128")))
            .deadline(LOOK);
    CommandResult result = host.run(command);
    if (result.exitCode() != 0) {
      throw HostException.of(
          host,
          command.toString(),
          ForeignText.printable(result.errors().strip()),
          "Install iproute2.");
    }
    return !result.output().isBlank();
  }

  // ---- roles ----

  private void become(
      String name, boolean group, VrrpRole role, RoleEvent.Source source, OptionalInt priority) {
    String key = group ? "group " + name : name;
    synchronized (telling) {
      VrrpRole before;
      synchronized (roles) {
        if (closed) {
          return;
        }
        before = roles.put(key, role);
        doubts.remove(key);
      }
      if (before != role) {
        tell(
            new RoleEvent.RoleChanged(
                Instant.now(), name, group, Optional.ofNullable(before), role, source, priority));
      }
    }
  }

  private void tell(RoleEvent event) {
    synchronized (telling) {
      synchronized (roles) {
        if (closed) {
          return;
        }
      }
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.log(WARNING, () -> "a listener failed at " + event, e);
      }
    }
  }

  /** Ends the watch. An event that is being told may end after it. Roles stay readable. */
  @Override
  public void close() {
    NotifyFifo current;
    synchronized (roles) {
      closed = true;
      current = open;
    }
    timer.shutdownNow();
    if (current != null) {
      close(current);
    }
  }

  /**
   * Builds a {@link RoleWatch}. Not thread-safe.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private @Nullable Path fifo;
    private final Map<String, List<InetAddress>> instances = new HashMap<>();
    private Host host = Host.local();
    private Duration interval = Duration.ofSeconds(1);
    private Consumer<RoleEvent> listener = event -> {};

    private Builder() {}

    /**
     * Sets the FIFO.
     *
     * @param fifo the path in keepalived's {@code notify_fifo}; it need not exist yet
     * @return this builder
     */
    public Builder fifo(Path fifo) {
      this.fifo = Objects.requireNonNull(fifo, "fifo");
      return this;
    }

    /**
     * Adds an instance whose addresses are looked at. Instances and groups that are not added are
     * known from the FIFO alone.
     *
     * @param name the name of the {@code vrrp_instance}
     * @param addresses its virtual addresses, IPv4 or IPv6 literals
     * @return this builder
     * @throws IllegalArgumentException if an address is no literal, or there is none
     */
    public Builder instance(String name, String... addresses) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(addresses, "addresses");
      if (addresses.length == 0) {
        throw new IllegalArgumentException("instance " + name + " needs a virtual address");
      }
      List<InetAddress> all = new ArrayList<>();
      for (String address : addresses) {
        all.add(IpAddress.parse(Objects.requireNonNull(address, "addresses")));
      }
      instances.put(name, List.copyOf(all));
      return this;
    }

    /**
     * Sets where addresses are looked at.
     *
     * @param host the director; by default this machine
     * @return this builder
     */
    public Builder host(Host host) {
      this.host = Objects.requireNonNull(host, "host");
      return this;
    }

    /**
     * Sets how often the FIFO's identity and the addresses are looked at. Each look runs {@code ip}
     * once an address.
     *
     * @param interval at least 100 milliseconds; by default a second
     * @return this builder
     * @throws IllegalArgumentException if it is shorter
     */
    public Builder interval(Duration interval) {
      Objects.requireNonNull(interval, "interval");
      if (interval.compareTo(Duration.ofMillis(100)) < 0) {
        throw new IllegalArgumentException("interval must be at least 100 ms, not " + interval);
      }
      this.interval = interval;
      return this;
    }

    /**
     * Sets who is told.
     *
     * @param listener takes the events, one after the other
     * @return this builder
     */
    public Builder listener(Consumer<RoleEvent> listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Starts the watch. The first look is over when this returns: roles of the added instances are
     * known, unless an event says why not.
     *
     * @return the watch
     * @throws IllegalStateException if no FIFO was set
     */
    public RoleWatch start() {
      Path path = fifo;
      if (path == null) {
        throw new IllegalStateException("a watch needs keepalived's notify_fifo");
      }
      RoleWatch watch = new RoleWatch(this, path);
      watch.look();
      long nanos = interval.toNanos();
      var unused =
          watch.timer.scheduleWithFixedDelay(watch::lookAgain, nanos, nanos, TimeUnit.NANOSECONDS);
      return watch;
    }
  }
}
