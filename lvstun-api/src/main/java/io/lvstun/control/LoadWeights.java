// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.weight.AgentReport;
import io.lvstun.weight.Damping;
import io.lvstun.weight.LoadReport;
import io.lvstun.weight.LoadSource;
import io.lvstun.weight.LoadSteps;
import io.lvstun.weight.WeightLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Weights that follow load: reads a source for each real server at an interval, and hands what
 * comes of it to a controller.
 *
 * <p>Weights stay between 1 and the bounds of {@link Damping}; 0 is for draining alone. A server
 * whose source fails or hangs keeps its weight for five intervals; then it goes back to the one of
 * the wanted service. Agents that say {@code down} or {@code drain} do not take their server out:
 * that is a health check's to decide; only their percentage counts here.
 *
 * <p>Thread-safe. The controller stays the caller's to close, before or after this.
 *
 * @since 0.1.0
 */
public final class LoadWeights implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(LoadWeights.class.getName());
  private static final int READERS = 16;

  private final Controller controller;
  private final LoadSource source;
  private final Duration interval;
  private final Damping damping;
  private final @Nullable LoadSteps steps;
  private final Map<ServiceKey, Pool> pools = new LinkedHashMap<>();
  private final ScheduledExecutorService threads;
  private final Set<ServerKey> reading = new HashSet<>();
  private final long started = System.nanoTime();
  private boolean closed;

  private LoadWeights(
      Controller controller, LoadSource source, Duration interval, @Nullable LoadSteps steps) {
    this.controller = Objects.requireNonNull(controller, "controller");
    this.source = Objects.requireNonNull(source, "source");
    this.interval = Objects.requireNonNull(interval, "interval");
    this.damping = Damping.every(interval);
    this.steps = steps;
    threads =
        Executors.newScheduledThreadPool(
            READERS,
            task -> {
              Thread thread = new Thread(task, "lvstun-load");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Moves weights towards equal load, damped by {@link Damping#every} of the interval.
   *
   * @param controller whom to tell
   * @param source where loads are read from
   * @param interval how often each server is read, 1 ms to 2 h; a reading may take as long
   * @return weights without servers: {@link #follow} adds them
   * @throws IllegalArgumentException if the interval is out of range
   */
  public static LoadWeights damped(Controller controller, LoadSource source, Duration interval) {
    LoadWeights weights = new LoadWeights(controller, source, interval, null);
    weights.start();
    return weights;
  }

  /**
   * Gives the weights of steps, whatever the configured weight.
   *
   * @param controller whom to tell
   * @param source where loads are read from
   * @param interval how often each server is read, 1 ms to 2 h; a reading may take as long
   * @param steps the weight for each load
   * @return weights without servers: {@link #follow} adds them
   * @throws IllegalArgumentException if the interval is out of range
   */
  public static LoadWeights steps(
      Controller controller, LoadSource source, Duration interval, LoadSteps steps) {
    LoadWeights weights =
        new LoadWeights(controller, source, interval, Objects.requireNonNull(steps, "steps"));
    weights.start();
    return weights;
  }

  /** As {@link #damped} and {@link #steps}, but only {@link #report} and {@link #decide} act. */
  static LoadWeights still(
      Controller controller, LoadSource source, Duration interval, @Nullable LoadSteps steps) {
    return new LoadWeights(controller, source, interval, steps);
  }

  private void start() {
    long nanos = interval.toNanos();
    ScheduledFuture<?> unused =
        threads.scheduleAtFixedRate(this::turn, 0, nanos, TimeUnit.NANOSECONDS);
  }

  /** What is known of a service's servers. */
  private static final class Pool {
    WeightLoop loop;
    final Map<ServerKey, Integer> asked = new HashMap<>();
    final Map<ServerKey, Said> said = new HashMap<>();

    Pool(WeightLoop loop) {
      this.loop = loop;
    }
  }

  /** A weight that does not depend on other servers, and when it was said. */
  private record Said(int weight, Instant at, String why) {}

  /**
   * Lets the weights of a service's servers follow their load. Want the service first, and call
   * this again when its servers or their weights have changed. Servers with weight 0 are left out.
   *
   * @param service the service
   * @throws IllegalStateException after {@link #close()}
   */
  public void follow(ManagedService service) {
    follow(service, now());
  }

  synchronized void follow(ManagedService service, Instant now) {
    if (closed) {
      throw new IllegalStateException("the weights are closed");
    }
    WeightLoop loop = WeightLoop.start(damping);
    for (RealServer server : service.service().realServers()) {
      if (server.weight() > 0) {
        loop = loop.join(now, server.key(), Math.min(server.weight(), RealServer.MAX_WEIGHT));
      }
    }
    unfollow(service.key());
    pools.put(service.key(), new Pool(loop));
  }

  /**
   * Lets a service's weights be those of the wanted service again. Nothing happens if it was not
   * followed.
   *
   * @param service the service
   */
  public synchronized void unfollow(ServiceKey service) {
    Pool pool = pools.remove(Objects.requireNonNull(service, "service"));
    if (pool != null && !closed) {
      pool.asked
          .keySet()
          .forEach(server -> ask(service, server, OptionalInt.empty(), "not followed any more"));
    }
  }

  private Instant now() {
    return Instant.EPOCH.plusNanos(System.nanoTime() - started);
  }

  private void turn() {
    decide(now());
    Set<ServerKey> due = new HashSet<>();
    synchronized (this) {
      pools.values().forEach(pool -> due.addAll(pool.loop.servers().keySet()));
      due.removeIf(server -> closed || !reading.add(server));
      due.forEach(server -> threads.execute(() -> read(server)));
    }
  }

  private void read(ServerKey server) {
    try {
      LoadReport report = source.read(server, interval);
      report(now(), server, report);
    } catch (LoadSource.LoadException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "no load of " + server, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        reading.remove(server);
      }
    }
  }

  /** Takes in what the source said. */
  synchronized void report(Instant now, ServerKey server, LoadReport report) {
    for (Pool pool : pools.values()) {
      WeightLoop.Server known = pool.loop.servers().get(server);
      if (known == null) {
        continue;
      }
      Optional<AgentReport> agent = report.agent();
      if (agent.isPresent() && agent.get().percent().isPresent()) {
        int percent = agent.get().percent().getAsInt();
        long most = Math.round(damping.bound(65535, known.base()));
        long weight = Math.max(1, Math.min(most, ((long) known.base() * percent + 99) / 100));
        pool.said.put(server, new Said((int) weight, now, "agent says " + percent + "%"));
      } else if (report.load().isPresent()) {
        double load = report.load().getAsDouble();
        if (steps == null) {
          pool.loop = pool.loop.report(now, server, load);
        } else {
          pool.said.put(server, new Said(steps.weight(load), now, "load " + load));
        }
      }
    }
  }

  /** Tells the controller what has changed. */
  synchronized void decide(Instant now) {
    if (closed) {
      return;
    }
    pools.forEach((service, pool) -> decide(now, service, pool));
  }

  private void decide(Instant now, ServiceKey service, Pool pool) {
    WeightLoop.Decision decision = pool.loop.decide(now);
    pool.loop = decision.next();
    if (steps == null) {
      for (WeightLoop.Change change : decision.changes()) {
        if (!pool.said.containsKey(change.server())) {
          ask(pool, service, change.server(), change.to(), change.reason());
        }
      }
    }
    pool.said.forEach(
        (server, said) -> {
          if (!said.at().plus(damping.staleAfter()).isBefore(now)) {
            ask(pool, service, server, said.weight(), said.why());
          } else if (pool.asked.remove(server) != null) {
            ask(service, server, OptionalInt.empty(), "no report any more");
          }
        });
    pool.said.values().removeIf(said -> said.at().plus(damping.staleAfter()).isBefore(now));
  }

  private void ask(Pool pool, ServiceKey service, ServerKey server, int weight, String why) {
    Integer before = pool.asked.put(server, weight);
    if (before == null || before != weight) {
      ask(service, server, OptionalInt.of(weight), why);
    }
  }

  private void ask(ServiceKey service, ServerKey server, OptionalInt weight, String why) {
    try {
      controller.load(new Destination(service, server), weight, why);
    } catch (IllegalStateException e) {
      closed = true; // the controller is closed: there is nobody to tell
    }
  }

  /** Ends the readings. The weights stay as they are. A second call does nothing. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    threads.shutdownNow();
  }
}
