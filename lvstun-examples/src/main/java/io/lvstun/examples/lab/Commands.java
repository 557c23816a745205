// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands to their end, with a deadline. Arguments are passed as they are, never by a shell.
 */
final class Commands {
  /** Enough for any command of the lab; more than this is a command gone wild. */
  private static final int OUTPUT_LIMIT = 64 << 20;

  private Commands() {}

  static CommandResult run(List<String> command, String input, Duration deadline) {
    Process process;
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new LabException("cannot run " + String.join(" ", command), e);
    }
    Collector output = new Collector(process.getInputStream());
    Collector errors = new Collector(process.getErrorStream());
    try {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException ignored) {
        // The command ended without reading its input; its exit status tells whether that is wrong.
      }
      if (!process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        kill(process);
        throw new LabException(
            "not done after "
                + deadline.toMillis()
                + " ms: "
                + String.join(" ", command)
                + "\noutput so far: "
                + output.soFar()
                + "\nerrors so far: "
                + errors.soFar());
      }
      // A child that a command leaves behind keeps the pipes open: that must not hold us up.
      return new CommandResult(
          command, process.exitValue(), output.finish(deadline), errors.finish(deadline));
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while running " + String.join(" ", command), e);
    }
  }

  static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Reads a stream to its end in a thread of its own. */
  static final class Collector {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Collector(InputStream stream) {
      thread = new Thread(() -> read(stream), "lab output");
      thread.setDaemon(true);
      thread.start();
    }

    private void read(InputStream stream) {
      byte[] buffer = new byte[8192];
      try (stream) {
        for (int count; (count = stream.read(buffer)) >= 0; ) {
          synchronized (bytes) {
            if (bytes.size() < OUTPUT_LIMIT) {
              bytes.write(buffer, 0, count);
            }
            bytes.notifyAll();
          }
        }
      } catch (IOException ignored) {
        // The process was killed, which closes its pipes: what it wrote before is what there is.
      }
      synchronized (bytes) {
        bytes.notifyAll();
      }
    }

    String soFar() {
      synchronized (bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
      }
    }

    /** Waits for more output or its end; false when there will be no more. */
    boolean awaitMore(String known, Duration patience) throws InterruptedException {
      synchronized (bytes) {
        if (bytes.size() != known.getBytes(StandardCharsets.UTF_8).length) {
          return true;
        }
        if (!thread.isAlive()) {
          return false;
        }
        bytes.wait(Math.max(1, Math.min(200, patience.toMillis())));
        return true;
      }
    }

    String finish(Duration patience) throws InterruptedException {
      thread.join(Math.min(2000, patience.toMillis()));
      return soFar();
    }
  }
}
