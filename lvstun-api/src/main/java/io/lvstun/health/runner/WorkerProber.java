// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.IpAddress;
import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.CommandCheck;
import io.lvstun.health.FileCheck;
import io.lvstun.health.FunctionCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.PingCheck;
import io.lvstun.health.WeightShift;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks what cannot be asked without waiting: programs, files, functions, echoes. Each has its
 * deadline whether or not its thread comes back; a check whose last run still hangs is not started
 * again.
 */
final class WorkerProber implements AutoCloseable {

  /** Runs a program with an exit status. */
  interface Programs {
    /**
     * Runs a program to its end.
     *
     * @return its exit status; -1 if it did not end in time and was killed
     * @throws IOException if it cannot be started
     */
    int run(CommandCheck check) throws IOException;
  }

  private record Running(ServerKey server, HealthCheck check) {}

  private static final long MOST_FILE = 4096;

  private final IoLoop loop;
  private final Programs programs;
  private final ThreadPoolExecutor pool;
  private final Set<Running> hanging = new HashSet<>();

  WorkerProber(IoLoop loop, int threads, Programs programs) {
    this.loop = loop;
    this.programs = programs;
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "lvstun-check-worker");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  /** Starts a check; on the loop's thread. */
  void start(ServerKey server, HealthCheck check, Consumer<CheckResult> done) {
    start(server, check, check.timeout(), () -> ask(server, check), done);
  }

  /** A question that blocks. */
  interface Blocking {
    CheckResult ask() throws Exception;
  }

  void start(
      ServerKey server,
      HealthCheck check,
      Duration timeout,
      Blocking blocking,
      Consumer<CheckResult> done) {
    Running running = new Running(server, check);
    if (!hanging.add(running)) {
      done.accept(
          CheckResult.failed(
              Cause.TIMED_OUT, check.describe() + ": its last run has not ended", Duration.ZERO));
      return;
    }
    new Run(running, timeout, blocking, done).submit();
  }

  /** One run of a check. All but the question itself happens on the loop's thread. */
  private final class Run extends Attempt {
    private final Running running;
    private final Blocking blocking;
    private boolean begun;
    private boolean answered;
    private @Nullable Future<?> future;

    Run(Running running, Duration timeout, Blocking blocking, Consumer<CheckResult> done) {
      super(loop, timeout, done);
      this.running = running;
      this.blocking = blocking;
    }

    void submit() {
      future =
          pool.submit(
              () -> {
                loop.execute(() -> begun = true);
                CheckResult result = guarded(running.check(), blocking);
                loop.execute(() -> answered(result));
              });
    }

    private void answered(CheckResult result) {
      answered = true;
      hanging.remove(running);
      end(result);
    }

    @Override
    CheckResult expired() {
      return begun
          ? CheckResult.failed(
              Cause.TIMED_OUT, running.check().describe() + " did not end in time", took())
          : CheckResult.undecided("no thread was free to check", took());
    }

    /** One that runs is interrupted; one that waits for a thread never starts. */
    @Override
    void release() {
      if (answered || future == null) {
        return;
      }
      if (!begun) {
        hanging.remove(running);
      }
      boolean unused = future.cancel(true);
    }
  }

  private static CheckResult guarded(HealthCheck check, Blocking blocking) {
    long started = System.nanoTime();
    try {
      return blocking.ask();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CheckResult.failed(
          Cause.TIMED_OUT, check.describe() + " did not end in time", since(started));
    } catch (Exception | StackOverflowError | AssertionError e) {
      return CheckResult.failed(Cause.REPORTED, check.describe() + ": " + e, since(started));
    }
  }

  static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private CheckResult ask(ServerKey server, HealthCheck check) throws Exception {
    long started = System.nanoTime();
    if (check instanceof FunctionCheck function) {
      return function.function().check(server);
    }
    if (check instanceof FileCheck file) {
      return file(file, started);
    }
    if (check instanceof CommandCheck command) {
      return command(command, started);
    }
    if (check instanceof PingCheck ping && ping.path() instanceof CheckPath.Direct path) {
      if (path.mark() != 0 || !path.device().isEmpty() || path.source().isPresent()) {
        return CheckResult.undecided(
            "an echo with a mark, a device or a source cannot be sent here: use a half-open check",
            since(started));
      }
      java.net.InetAddress address = path.address().orElse(server.address());
      return address.isReachable((int) Math.min(Integer.MAX_VALUE, ping.timeout().toMillis()))
          ? CheckResult.passed("echo reply", since(started))
          : CheckResult.failed(
              Cause.TIMED_OUT, "no echo reply from " + IpAddress.format(address), since(started));
    }
    return CheckResult.undecided(check.describe() + " cannot be made here", since(started));
  }

  static CheckResult file(FileCheck check, long started) {
    String text;
    try {
      if (Files.size(check.file()) > MOST_FILE) {
        return CheckResult.undecided(check.file() + " is no file with a number", since(started));
      }
      text = Files.readString(check.file()).strip();
    } catch (NoSuchFileException e) {
      text = "0";
    } catch (IOException e) {
      return CheckResult.undecided(
          check.file() + " cannot be read: " + e.getMessage(), since(started));
    }
    if (!text.matches("[+-]?[0-9]{1,10}")) {
      return CheckResult.undecided(check.file() + " holds no number", since(started));
    }
    long number = Long.parseLong(text);
    if (!check.dynamic()) {
      boolean passes = (number == 0) != check.reverse();
      return passes
          ? CheckResult.passed(check.file() + " holds " + number, since(started))
          : CheckResult.failed(Cause.REPORTED, check.file() + " holds " + number, since(started));
    }
    long shift =
        Math.max(-70_000, Math.min(70_000, number))
            * check.multiplier()
            * (check.reverse() ? -1 : 1);
    // Nothing less than this takes a weight below 0 or above its limit.
    int bounded = (int) Math.max(-65535, Math.min(65535, shift));
    return CheckResult.passed(check.file() + " holds " + number, since(started))
        .shift(WeightShift.by(bounded));
  }

  private CheckResult command(CommandCheck check, long started) {
    int status;
    try {
      status = programs.run(check);
    } catch (IOException e) {
      return CheckResult.undecided(
          check.describe() + " cannot be run: " + e.getMessage(), since(started));
    }
    if (status < 0) {
      return CheckResult.failed(
          Cause.TIMED_OUT,
          check.describe() + " did not end in time and was killed",
          since(started));
    }
    return judge(check, status, since(started));
  }

  /** What an exit status means. */
  static CheckResult judge(CommandCheck check, int status, Duration took) {
    String detail = check.describe() + " ended with status " + status;
    if (status == 0) {
      return CheckResult.passed(detail, took);
    }
    return check.dynamic() && status >= 2 && status <= 255
        ? CheckResult.passed(detail, took).shift(WeightShift.to(status - 2))
        : CheckResult.failed(Cause.REPORTED, detail, took);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
