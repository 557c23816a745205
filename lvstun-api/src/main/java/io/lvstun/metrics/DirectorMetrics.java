// SPDX-License-Identifier: Apache-2.0
package io.lvstun.metrics;

import io.lvstun.Consistency;
import io.lvstun.Director;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.state.Counters;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Publishes the counters of a director's services and real servers as Micrometer meters.
 *
 * <p>A daemon thread reads the table every period; services and servers that appear or vanish get
 * and lose their meters. A read that fails sets {@code lvstun.up} to 0 and leaves the other meters
 * at their last values. The table in docs/guides/metrics.md lists the meters.
 *
 * <p>Thread-safe. Must be closed before the director is. One instance serves one registry.
 *
 * @since 0.1.0
 */
public final class DirectorMetrics implements MeterBinder, AutoCloseable {

  /** How often the kernel refreshes its counters: reading more often shows nothing new. */
  public static final Duration SHORTEST_PERIOD = Duration.ofSeconds(2);

  private static final System.Logger LOGGER = System.getLogger(DirectorMetrics.class.getName());

  private final Director director;
  private final Duration period;
  private final Tags tags;
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lvstun-metrics");
            thread.setDaemon(true);
            return thread;
          });
  // Meters hold their state weakly: these maps keep it alive, and the gauges below keep this
  // object.
  private final Map<ServiceKey, ServiceMeters> services = new LinkedHashMap<>();
  private volatile int serviceCount;
  private volatile boolean up;

  /**
   * Makes a binder; nothing is read before {@link #bindTo}.
   *
   * @param director the director to read
   * @param period how often to read, 2 seconds to 1 hour
   * @param tags tags for every meter, for example the director's name
   * @throws IllegalArgumentException if the period is out of range
   */
  public DirectorMetrics(Director director, Duration period, Tags tags) {
    if (period.compareTo(SHORTEST_PERIOD) < 0 || period.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("period must be 2 seconds to 1 hour, not " + period);
    }
    this.director = director;
    this.period = period;
    this.tags = tags;
  }

  /**
   * Registers the meters, reads once, and goes on reading every period.
   *
   * @param registry the registry
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("lvstun.up", this, metrics -> metrics.up ? 1 : 0)
        .description("1 if the last read of the IPVS table succeeded")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    Gauge.builder("lvstun.services", this, metrics -> metrics.serviceCount)
        .description("Virtual services in the table")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    Timer timer =
        Timer.builder("lvstun.read")
            .description("Time to read the IPVS table")
            .tags(tags)
            .register(registry);
    refresh(registry, timer);
    var unused =
        poller.scheduleAtFixedRate(
            () -> refresh(registry, timer),
            period.toMillis(),
            period.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  // Package-private so that tests need no clock.
  void refresh(MeterRegistry registry, Timer timer) {
    try {
      List<ServiceState> states = timer.record(() -> director.services(Consistency.SINGLE_PASS));
      show(registry, states == null ? List.of() : states);
      up = true;
    } catch (RuntimeException e) {
      // Whatever it is: an executor drops a task that throws, and the figures would stand still.
      if (up) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "cannot read the IPVS table for metrics: {0}",
            e.getMessage());
      }
      up = false;
    }
  }

  private synchronized void show(MeterRegistry registry, List<ServiceState> states) {
    Set<ServiceKey> gone = new HashSet<>(services.keySet());
    for (ServiceState state : states) {
      gone.remove(state.key());
      services
          .computeIfAbsent(state.key(), key -> new ServiceMeters(registry, state, tags))
          .show(state);
    }
    for (ServiceKey key : gone) {
      ServiceMeters meters = services.remove(key);
      if (meters != null) {
        meters.remove();
      }
    }
    serviceCount = states.size();
  }

  /** Stops reading. The meters stay registered with their last values. */
  @Override
  public void close() {
    poller.shutdownNow();
  }

  /** The meters of a service, and of its servers. */
  private static final class ServiceMeters {

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private final Map<ServerKey, ServerMeters> servers = new LinkedHashMap<>();
    private volatile ServiceState state;

    ServiceMeters(MeterRegistry registry, ServiceState state, Tags common) {
      this.registry = registry;
      this.state = state;
      this.tags = common.and("service", state.key().toString());
      count(registry, meters, "lvstun.service", tags, this, it -> it.state.counters());
    }

    void show(ServiceState newState) {
      state = newState;
      Set<ServerKey> gone = new HashSet<>(servers.keySet());
      for (ServerState server : newState.servers()) {
        ServerKey key = server.key();
        gone.remove(key);
        servers.computeIfAbsent(key, absent -> new ServerMeters(registry, server, tags)).state =
            server;
      }
      for (ServerKey key : gone) {
        ServerMeters removed = servers.remove(key);
        if (removed != null) {
          removed.remove();
        }
      }
    }

    void remove() {
      meters.forEach(registry::remove);
      servers.values().forEach(ServerMeters::remove);
    }
  }

  /** The meters of a real server. */
  private static final class ServerMeters {

    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();
    private volatile ServerState state;

    ServerMeters(MeterRegistry registry, ServerState state, Tags service) {
      this.registry = registry;
      this.state = state;
      Tags tags = service.and("server", state.key().toString());
      count(registry, meters, "lvstun.server", tags, this, it -> it.state.counters());
      gauge("lvstun.server.weight", tags, it -> it.definition().weight());
      gauge("lvstun.server.active", tags, ServerState::activeConnections);
      gauge("lvstun.server.inactive", tags, ServerState::inactiveConnections);
      gauge("lvstun.server.persistent", tags, ServerState::persistentConnections);
    }

    private void gauge(String name, Tags tags, ToDoubleFunction<ServerState> value) {
      meters.add(
          Gauge.builder(name, this, meter -> value.applyAsDouble(meter.state))
              .tags(tags)
              .register(registry));
    }

    void remove() {
      meters.forEach(registry::remove);
    }
  }

  private interface Source<T> {
    Counters of(T state);
  }

  private static <T> void count(
      MeterRegistry registry,
      List<Meter> meters,
      String prefix,
      Tags tags,
      T state,
      Source<T> source) {
    meters.add(
        FunctionCounter.builder(prefix + ".connections", state, it -> source.of(it).connections())
            .tags(tags)
            .register(registry));
    for (String direction : List.of("in", "out")) {
      boolean in = direction.equals("in");
      Tags directed = tags.and("direction", direction);
      meters.add(
          FunctionCounter.builder(
                  prefix + ".packets",
                  state,
                  it -> in ? source.of(it).inPackets() : source.of(it).outPackets())
              .tags(directed)
              .register(registry));
      meters.add(
          FunctionCounter.builder(
                  prefix + ".bytes",
                  state,
                  it -> in ? source.of(it).inBytes() : source.of(it).outBytes())
              .baseUnit("bytes")
              .tags(directed)
              .register(registry));
    }
  }
}
