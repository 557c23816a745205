// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.ProcessDestroyer;
import org.apache.commons.exec.PumpStreamHandler;
import org.apache.commons.exec.StreamPumper;
import org.jspecify.annotations.Nullable;

/**
 * A program that runs. Thread-safe.
 *
 * <p>Waiting for it always ends, whatever it does. commons-exec starts it and moves its bytes, but
 * three things are done here, because the library's own do not hold: its watchdog signals one
 * process and spares the descendants; the end of its pumps waits seconds for pipes that a
 * grandchild keeps open, and without limit by default; and its command line strips the blanks
 * around arguments. A process in an uninterruptible system call outlives its kill: callers wait for
 * a latch, and the threads that hang are daemons, left behind.
 */
public final class Subprocess {

  /** How long the outputs of a process that has ended may stay open: by grandchildren. */
  private static final Duration PIPE_GRACE = Duration.ofMillis(500);

  /** How long a killed process may take to be gone. */
  private static final Duration KILL_GRACE = Duration.ofSeconds(1);

  private static final int BUFFER = 16 * 1024;
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final CountDownLatch readers = new CountDownLatch(2);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Process process;
  private volatile @Nullable IOException failure;
  private volatile int exitCode = -1;
  private volatile boolean killed;

  private Subprocess() {}

  /**
   * Starts a program.
   *
   * @param invocation the program and what it gets
   * @param output takes what it prints
   * @param error takes its messages
   * @return the program; that it could not be started shows when it is awaited
   */
  public static Subprocess start(Invocation invocation, OutputSink output, OutputSink error) {
    Subprocess subprocess = new Subprocess();
    DefaultExecutor executor =
        DefaultExecutor.builder()
            .setExecuteStreamHandler(subprocess.new Pumps(invocation.input(), output, error))
            .setWorkingDirectory(invocation.directory())
            .setThreadFactory(task -> thread("wait", task))
            .get();
    executor.setExitValues(null);
    Hooks hooks = subprocess.new Hooks();
    executor.setProcessDestroyer(hooks);
    try {
      executor.execute(new ExactCommandLine(invocation.command()), invocation.environment(), hooks);
    } catch (IOException e) {
      subprocess.fail(e);
    }
    return subprocess;
  }

  private static Thread thread(String purpose, Runnable task) {
    Thread thread = new Thread(task, "lvstun-process-" + purpose + '-' + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Waits for the end.
   *
   * @param time how long at most
   * @return the exit code, 128 and the signal's number for one that was killed; empty if the
   *     program still runs
   * @throws IOException if it could not be started
   * @throws InterruptedException if the thread is interrupted; the program goes on
   */
  public OptionalInt await(Duration time) throws IOException, InterruptedException {
    if (!ended.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      return OptionalInt.empty();
    }
    IOException reason = failure;
    if (reason != null) {
      throw new IOException(reason.getMessage(), reason);
    }
    return OptionalInt.of(exitCode);
  }

  /** Kills the program and its descendants without waiting. */
  public void kill() {
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

  /** Kills the program and waits a moment for it to be gone; an interrupt does not shorten that. */
  public void killAndWait() {
    kill();
    long end = System.nanoTime() + KILL_GRACE.toNanos();
    boolean interrupted = false;
    boolean waiting = true;
    while (waiting) {
      try {
        // One that hangs in the kernel is left alone in the end.
        boolean gone = ended.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        waiting = !gone && System.nanoTime() < end;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether {@link #kill} was called, or a sink asked for it. */
  public boolean wasKilled() {
    return killed;
  }

  private void fail(IOException reason) {
    failure = reason;
    ended.countDown();
  }

  /** Arguments as they are: the library would strip the blanks around each. */
  private static final class ExactCommandLine extends CommandLine {
    private final String[] words;

    ExactCommandLine(List<String> words) {
      super(words.get(0));
      this.words = words.toArray(String[]::new);
    }

    @Override
    public String[] toStrings() {
      return words.clone();
    }
  }

  /** The library's pumps, which hand over to the sinks. */
  private final class Pumps extends PumpStreamHandler {

    Pumps(byte[] input, OutputSink output, OutputSink error) {
      super(new Receiver(output), new Receiver(error), new ByteArrayInputStream(input));
    }

    @Override
    protected Thread createPump(InputStream from, OutputStream to, boolean closeWhenExhausted) {
      return thread("pump", new StreamPumper(from, to, true, BUFFER));
    }

    /** The process has ended; commons-exec closes its streams when this returns. */
    @Override
    public void stop() {
      Process gone = process;
      try {
        if (!readers.await(PIPE_GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
          // A grandchild holds a pipe open; all that the process itself wrote has been read.
          System.getLogger(Subprocess.class.getName())
              .log(System.Logger.Level.DEBUG, "a descendant of an ended process holds its output");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exitCode = gone == null || gone.isAlive() ? -1 : gone.exitValue();
      ended.countDown();
    }
  }

  /** Where a pump writes to. The pump closes it at the end of the pipe, and when it throws. */
  private final class Receiver extends OutputStream {

    private final OutputSink sink;

    Receiver(OutputSink sink) {
      this.sink = sink;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      boolean goOn = false;
      try {
        goOn = sink.accept(buffer, offset, length);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!goOn) {
        kill();
        throw new IOException("no more output is wanted");
      }
    }

    @Override
    public void close() {
      sink.ended();
      readers.countDown();
    }
  }

  /** Learns of the process, and that it could not be started. */
  private final class Hooks implements ProcessDestroyer, ExecuteResultHandler {

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
