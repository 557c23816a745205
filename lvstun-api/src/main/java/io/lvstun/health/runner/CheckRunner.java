// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.NetworkNamespace;
import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckState;
import io.lvstun.health.CombinedCheck;
import io.lvstun.health.HalfOpenCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.NetworkCheck;
import io.lvstun.health.PingCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs health checks. One thread waits for all sockets and times, a few more for programs, files
 * and functions, and one calls the listeners; a check of one server does not make another one late.
 * Checks that are equal, of the same server and with the same policy, run once for all who ask.
 *
 * <p>Thread-safe. Closing it ends all checks.
 *
 * @since 0.1.0
 */
public final class CheckRunner implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(CheckRunner.class.getName());
  private static final int WORKERS = 32;

  private final IoLoop loop = new IoLoop("lvstun-checks");
  private final Schedule schedule = new Schedule();
  private final NetworkProber network = new NetworkProber(loop);
  private final WorkerProber workers;
  private final List<TunnelProber> tunnels = new ArrayList<>();
  private final ExecutorService audience =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "lvstun-check-listeners");
            thread.setDaemon(true);
            return thread;
          });
  private final long started = System.nanoTime();
  private final Instant epoch = Instant.now();
  private IoLoop.@Nullable Timer wake;

  private CheckRunner(WorkerProber.Programs programs) {
    workers = new WorkerProber(loop, WORKERS, programs);
  }

  /**
   * Starts a runner without checks.
   *
   * @return the runner
   */
  public static CheckRunner start() {
    return new CheckRunner(new LocalPrograms());
  }

  /** The time of a clock that does not jump, as an instant near the calendar's. */
  private Instant now() {
    return epoch.plusNanos(System.nanoTime() - started);
  }

  /**
   * Adds a check of a server. The check starts if nobody asks the same yet; if somebody does, the
   * listener is told at once what is known.
   *
   * @param server which server
   * @param check what to ask
   * @param policy when, and how answers count
   * @param listener told of each result, and of the last one before
   * @return closed by whoever does not want to know any more
   */
  public Subscription watch(
      ServerKey server, HealthCheck check, HealthPolicy policy, CheckListener listener) {
    Schedule.Question question = new Schedule.Question(server, check, policy);
    loop.execute(
        () -> {
          CheckState known = schedule.add(now(), question, listener).state();
          if (known.last().isPresent()) {
            CheckState.Step step = new CheckState.Step(known, Optional.empty());
            tell(() -> listener.checked(server, check, step));
          }
          arm();
        });
    return () -> loop.execute(() -> schedule.remove(question, listener));
  }

  /**
   * A check that somebody wants to know of.
   *
   * @since 0.1.0
   */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    /** Ends it. Doing it twice does no harm. */
    @Override
    void close();
  }

  /**
   * Asks once, now.
   *
   * @param server which server
   * @param check what to ask
   * @param done told once, from the thread that calls listeners
   */
  public void ask(ServerKey server, HealthCheck check, Consumer<CheckResult> done) {
    loop.execute(() -> probe(server, check, 0, result -> tell(() -> done.accept(result))));
  }

  private void arm() {
    if (wake != null) {
      loop.cancel(wake);
      wake = null;
    }
    Optional<Instant> next = schedule.next();
    if (next.isPresent()) {
      long in = Math.max(0, Duration.between(now(), next.get()).toNanos());
      wake = loop.at(System.nanoTime() + in, this::run);
    }
  }

  private void run() {
    wake = null;
    for (Schedule.Watch watch : schedule.due(now())) {
      Schedule.Question question = watch.question;
      probe(
          question.server(),
          question.check(),
          watch.state().passes(),
          result -> {
            Optional<CheckState.Step> step = schedule.ended(watch, now(), result);
            if (step.isPresent()) {
              for (CheckListener each : watch.listeners) {
                tell(() -> each.checked(question.server(), question.check(), step.get()));
              }
            }
            arm();
          });
    }
    arm();
  }

  private void probe(ServerKey server, HealthCheck check, int turn, Consumer<CheckResult> done) {
    try {
      if (check instanceof CombinedCheck combined) {
        combine(server, combined, turn, done);
      } else if (check instanceof NetworkCheck net && net.path() instanceof CheckPath.Direct path) {
        if (!network.start(server, net, path, turn, done)) {
          if (check instanceof PingCheck) {
            workers.start(server, check, done);
          } else {
            MarkedProber.start(workers, network, server, net, path, turn, done);
          }
        }
      } else if (check instanceof NetworkCheck net && net.path() instanceof CheckPath.Tunnel path) {
        if (net instanceof HalfOpenCheck half) {
          tunnel().start(server, half, path, done);
        } else {
          done.accept(
              CheckResult.undecided(
                  check.describe()
                      + " through the tunnel needs a service by firewall mark, and"
                      + " CheckPath.direct() to the virtual address with that mark",
                  Duration.ZERO));
        }
      } else {
        workers.start(server, check, done);
      }
    } catch (RuntimeException e) {
      done.accept(
          CheckResult.undecided(check.describe() + " cannot be made here: " + e, Duration.ZERO));
    }
  }

  private TunnelProber tunnel() {
    if (tunnels.isEmpty()) {
      tunnels.add(new TunnelProber(loop, Optional.<NetworkNamespace>empty()));
    }
    return tunnels.get(0);
  }

  private void combine(
      ServerKey server, CombinedCheck check, int turn, Consumer<CheckResult> done) {
    long began = System.nanoTime();
    CheckResult[] results = new CheckResult[check.checks().size()];
    int[] open = {results.length};
    for (int i = 0; i < results.length; i++) {
      int index = i;
      probe(
          server,
          check.checks().get(i),
          turn,
          result -> {
            results[index] = result;
            if (--open[0] == 0) {
              done.accept(check.combine(Arrays.asList(results), WorkerProber.since(began)));
            }
          });
    }
  }

  private void tell(Runnable call) {
    if (!audience.isShutdown()) {
      audience.execute(
          () -> {
            try {
              call.run();
            } catch (RuntimeException e) {
              LOG.log(System.Logger.Level.ERROR, "a listener of health checks failed", e);
            }
          });
    }
  }

  @Override
  public void close() {
    loop.execute(() -> tunnels.forEach(TunnelProber::close));
    loop.close();
    workers.close();
    audience.shutdownNow();
  }
}
