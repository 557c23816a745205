// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.LvsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.Executor;
import org.apache.commons.exec.PumpStreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * One process of this machine, with a deadline and a bound on its output. When either is passed, it
 * is killed with all its descendants, and what it had written is kept.
 *
 * <p>The executor's own watchdog is not used: it leaves grandchildren alive, which hold the pipes
 * open and the caller waiting.
 */
final class BoundedProcess {

  private static final Duration AFTER_KILL = Duration.ofSeconds(2);

  private BoundedProcess() {}

  static CommandResult run(Host host, HostCommand command, List<String> arguments, byte[] input) {
    String operation = "run " + ForeignText.printable(command.arguments().get(0));
    CommandLine line = new ExactCommandLine(arguments);
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("LC_ALL", "C");
    environment.remove("LANGUAGE");

    CapturingExecutor executor = new CapturingExecutor();
    Bounded output = new Bounded(command.maxOutput(), executor);
    Bounded errors = new Bounded(command.maxOutput(), executor);
    PumpStreamHandler pumps =
        new PumpStreamHandler(output, errors, new ByteArrayInputStream(input));
    pumps.setStopTimeout(AFTER_KILL);
    executor.setStreamHandler(pumps);
    executor.setExitValues(null);
    CompletableFuture<Integer> ended = new CompletableFuture<>();

    long start = System.nanoTime();
    boolean timedOut = false;
    int exitCode = CommandResult.KILLED;
    try {
      executor.execute(line, environment, new Handler(ended));
      exitCode = ended.get(command.deadline().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      timedOut = true;
      executor.kill();
      awaitQuietly(ended);
    } catch (InterruptedException e) {
      executor.kill();
      Thread.currentThread().interrupt();
      throw failed(host, operation, "interrupted while it ran", "", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof ExecuteException executed
          && executed.getExitValue() != Executor.INVALID_EXITVALUE) {
        exitCode = executed.getExitValue();
      } else if (executor.started()) {
        // The process ended, but something it left behind keeps its pipes open.
        exitCode = executor.exitCode();
        executor.kill();
      } else {
        throw failed(host, operation, reason(cause), "Is " + arguments.get(0) + " installed?", e);
      }
    } catch (IOException e) {
      throw failed(host, operation, reason(e), "Is " + arguments.get(0) + " installed?", e);
    }
    boolean truncated = output.overflowed() || errors.overflowed();
    return new CommandResult(
        timedOut || truncated ? CommandResult.KILLED : exitCode,
        output.text(),
        errors.text(),
        timedOut,
        truncated,
        Duration.ofNanos(System.nanoTime() - start));
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

  private static void awaitQuietly(CompletableFuture<Integer> ended) {
    try {
      var unused = ended.get(AFTER_KILL.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Killed, or beyond killing: in both cases there is nothing more to wait for.
      return;
    }
  }

  private static String reason(@Nullable Throwable cause) {
    String message = cause == null ? null : cause.getMessage();
    return message == null ? String.valueOf(cause) : ForeignText.printable(message);
  }

  private static HostException failed(
      Host host, String operation, String reason, String hint, Exception cause) {
    return new HostException(
        new LvsException.Failure(
            operation, host.specification(), "host", reason, OptionalInt.empty(), hint),
        cause);
  }

  /** Remembers the process, so that it can be killed with its descendants. */
  private static final class CapturingExecutor extends DefaultExecutor {

    private volatile @Nullable Process process;

    @SuppressWarnings("deprecation") // the builder makes no subclasses
    CapturingExecutor() {}

    @Override
    protected Process launch(CommandLine command, Map<String, String> environment, Path directory)
        throws IOException {
      Process launched = super.launch(command, environment, directory);
      process = launched;
      return launched;
    }

    @Override
    protected Thread createThread(Runnable runnable, String name) {
      Thread thread = super.createThread(runnable, name);
      thread.setDaemon(true);
      return thread;
    }

    boolean started() {
      return process != null;
    }

    int exitCode() {
      Process running = process;
      return running == null || running.isAlive() ? CommandResult.KILLED : running.exitValue();
    }

    void kill() {
      Process running = process;
      if (running != null) {
        List<ProcessHandle> descendants = running.descendants().toList();
        running.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private record Handler(CompletableFuture<Integer> ended) implements ExecuteResultHandler {
    @Override
    public void onProcessComplete(int exitValue) {
      ended.complete(exitValue);
    }

    @Override
    public void onProcessFailed(ExecuteException e) {
      ended.completeExceptionally(e);
    }
  }

  /** Keeps the first bytes, kills the process when there are more. */
  private static final class Bounded extends OutputStream {

    private final int limit;
    private final CapturingExecutor executor;
    private byte[] bytes = new byte[1024];
    private int size;
    private boolean overflowed;

    Bounded(int limit, CapturingExecutor executor) {
      this.limit = limit;
      this.executor = executor;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) {
      int kept = Math.min(length, limit - size);
      if (size + kept > bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, Math.min(limit, Math.max(size + kept, size * 2)));
      }
      System.arraycopy(source, offset, bytes, size, kept);
      size += kept;
      if (kept < length && !overflowed) {
        overflowed = true;
        executor.kill();
      }
    }

    synchronized boolean overflowed() {
      return overflowed;
    }

    synchronized String text() {
      return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
  }
}
