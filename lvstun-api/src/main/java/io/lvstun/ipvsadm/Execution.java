// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.ExecuteStreamHandler;
import org.apache.commons.exec.ProcessDestroyer;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs. Thread-safe.
 *
 * <p>Waiting for it always ends. The time-outs of commons-exec do not promise that: its pumps wait
 * for the end of the pipes, which a grandchild keeps open as long as it likes, and a process in an
 * uninterruptible system call outlives its kill. Here the caller waits for a latch of its own, and
 * the threads that hang are daemons, left behind.
 */
final class Execution {

  /** How long the outputs of a process that has ended may stay open: by grandchildren. */
  private static final Duration PIPE_GRACE = Duration.ofMillis(500);

  /** How long a killed process may take to be gone. */
  private static final Duration KILL_GRACE = Duration.ofSeconds(1);

  private static final Path ROOT = Path.of("/");

  /** Nothing of the caller's: no locale, no loader's variables. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LC_ALL", "C", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Sink output;
  private final Sink error;
  private final byte @Nullable [] input;
  private final CountDownLatch readers = new CountDownLatch(2);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Process process;
  private volatile @Nullable IOException failure;
  private volatile int exitCode = -1;
  private volatile boolean killed;

  private Execution(Sink output, Sink error, byte @Nullable [] input) {
    this.output = output;
    this.error = error;
    this.input = input;
  }

  /**
   * Starts a process.
   *
   * @param command absolute path of the program, and its arguments
   * @param output takes what it prints
   * @param error takes its messages
   * @param input what it reads, null for nothing
   * @return the execution; that the process could not be started shows when it is awaited
   */
  static Execution start(List<String> command, Sink output, Sink error, byte @Nullable [] input) {
    CommandLine line = new CommandLine(command.get(0));
    for (String argument : command.subList(1, command.size())) {
      line.addArgument(argument, false);
    }
    Execution execution = new Execution(output, error, input);
    Hooks hooks = execution.new Hooks();
    DefaultExecutor executor =
        DefaultExecutor.builder()
            .setExecuteStreamHandler(hooks)
            .setWorkingDirectory(ROOT)
            .setThreadFactory(task -> thread("wait", task))
            .get();
    executor.setExitValues(null);
    executor.setProcessDestroyer(hooks);
    try {
      executor.execute(line, ENVIRONMENT, hooks);
    } catch (IOException e) {
      execution.fail(e);
    }
    return execution;
  }

  private static Thread thread(String purpose, Runnable task) {
    Thread thread = new Thread(task, "lvstun-ipvsadm-" + purpose + '-' + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Waits for the end.
   *
   * @param time how long at most
   * @return the exit code; empty if the process still runs
   * @throws IOException if it could not be started
   * @throws InterruptedException if the thread is interrupted; the process goes on
   */
  OptionalInt await(Duration time) throws IOException, InterruptedException {
    if (!ended.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      return OptionalInt.empty();
    }
    IOException reason = failure;
    if (reason != null) {
      throw new IOException(reason.getMessage(), reason);
    }
    return OptionalInt.of(exitCode);
  }

  /** Kills the process and its descendants without waiting. */
  void kill() {
    killed = true;
    Process running = process;
    // Only while it is not reaped: its pid may be another's afterwards.
    if (running != null && running.isAlive()) {
      // The parent first: a shell whose command is killed goes on with the next one.
      List<ProcessHandle> descendants = running.descendants().toList();
      running.destroyForcibly();
      descendants.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Kills the process and waits a moment for it to be gone; an interrupt shortens the wait. */
  void killAndWait() {
    kill();
    try {
      if (!ended.await(KILL_GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
        // Nothing more can be done: it hangs in the kernel.
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean wasKilled() {
    return killed;
  }

  private void fail(IOException reason) {
    failure = reason;
    ended.countDown();
  }

  /** What commons-exec calls, in this order: streams, start, add, stop, remove, completion. */
  private final class Hooks
      implements ExecuteStreamHandler, ProcessDestroyer, ExecuteResultHandler {

    private @Nullable InputStream standardOutput;
    private @Nullable InputStream standardError;
    private @Nullable OutputStream standardInput;

    @Override
    public void setProcessOutputStream(InputStream stream) {
      standardOutput = stream;
    }

    @Override
    public void setProcessErrorStream(InputStream stream) {
      standardError = stream;
    }

    @Override
    public void setProcessInputStream(OutputStream stream) {
      standardInput = stream;
    }

    @Override
    public void start() {
      read("output", standardOutput, output);
      read("error", standardError, error);
      OutputStream stream = standardInput;
      byte[] bytes = input;
      if (stream != null) {
        if (bytes == null) {
          closeQuietly(stream);
        } else {
          thread("input", () -> write(stream, bytes)).start();
        }
      }
    }

    private void read(String name, @Nullable InputStream stream, Sink sink) {
      if (stream == null) {
        readers.countDown();
        return;
      }
      thread(name, () -> pump(stream, sink)).start();
    }

    private void pump(InputStream stream, Sink sink) {
      byte[] buffer = new byte[16 * 1024];
      try {
        int length;
        while ((length = stream.read(buffer)) >= 0) {
          if (!sink.accept(buffer, length)) {
            kill();
            return;
          }
        }
      } catch (IOException e) {
        // The stream was closed: the process is gone, and nothing more comes.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        kill();
      } finally {
        sink.ended();
        readers.countDown();
      }
    }

    private void write(OutputStream stream, byte[] bytes) {
      try (stream) {
        stream.write(bytes);
      } catch (IOException e) {
        // The process ended without reading all: its exit code and its messages tell why.
      }
    }

    private void closeQuietly(OutputStream stream) {
      try {
        stream.close();
      } catch (IOException e) {
        // The process ended already.
      }
    }

    @Override
    public boolean add(Process started) {
      process = started;
      if (killed) {
        kill();
      }
      return true;
    }

    @Override
    public boolean remove(Process gone) {
      return true;
    }

    @Override
    public int size() {
      return 0;
    }

    /** The process has ended; commons-exec closes its streams when this returns. */
    @Override
    public void stop() {
      Process gone = process;
      try {
        if (!readers.await(PIPE_GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
          // A grandchild holds a pipe open; all that the process itself wrote has been read.
          System.getLogger(Execution.class.getName())
              .log(System.Logger.Level.DEBUG, "a descendant of an ended process holds its output");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exitCode = gone == null || gone.isAlive() ? -1 : gone.exitValue();
      ended.countDown();
    }

    @Override
    public void onProcessComplete(int exitValue) {
      ended.countDown();
    }

    @Override
    public void onProcessFailed(ExecuteException e) {
      if (process == null) {
        Throwable cause = e.getCause();
        fail(cause instanceof IOException reason ? reason : e);
      }
      ended.countDown();
    }
  }
}
