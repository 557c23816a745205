// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A command that runs beside the test. Thread-safe. Closing it ends the command: first politely,
 * after five seconds by force.
 *
 * @since 0.1.0
 */
public final class BackgroundCommand implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final List<String> command;
  private final Process process;
  private final Commands.Collector output;
  private final Commands.Collector errors;

  private BackgroundCommand(List<String> command, Process process) {
    this.command = List.copyOf(command);
    this.process = process;
    this.output = new Commands.Collector(process.getInputStream());
    this.errors = new Commands.Collector(process.getErrorStream());
  }

  static BackgroundCommand start(List<String> command) {
    try {
      return new BackgroundCommand(command, new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new LabException("cannot run " + String.join(" ", command), e);
    }
  }

  /** The command's process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether the command still runs. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** What the command has written to standard output so far. */
  public String output() {
    return output.soFar();
  }

  /** What the command has written to standard error so far. */
  public String errors() {
    return errors.soFar();
  }

  /**
   * Writes to the command's standard input.
   *
   * @throws LabException if the command does not take it: it has ended, most likely
   */
  public void send(String text) {
    try {
      OutputStream input = process.getOutputStream();
      input.write(text.getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new LabException(describe("takes no input"), e);
    }
  }

  /**
   * Waits until standard output satisfies a condition, and returns it as it is then.
   *
   * @throws LabException if that is not so within the deadline, or the command ends before
   */
  @CanIgnoreReturnValue
  public String awaitOutput(Predicate<String> condition, Duration deadline) {
    return await(output, condition, deadline);
  }

  /** As {@link #awaitOutput}, for standard error. */
  @CanIgnoreReturnValue
  public String awaitErrors(Predicate<String> condition, Duration deadline) {
    return await(errors, condition, deadline);
  }

  private String await(Commands.Collector stream, Predicate<String> condition, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    try {
      while (true) {
        String text = stream.soFar();
        if (condition.test(text)) {
          return text;
        }
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (left.isNegative()) {
          throw new LabException(describe("did not say what was expected in " + deadline));
        }
        if (!stream.awaitMore(text, left)) {
          // Its output ends a moment before it does.
          boolean unused = process.waitFor(GRACE.toNanos(), TimeUnit.NANOSECONDS);
          throw new LabException(describe("ended without saying what was expected"));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(describe("interrupted while waiting for it"), e);
    }
  }

  /**
   * Waits for the command to end by itself.
   *
   * @throws LabException if it has not ended when the deadline passes
   */
  @CanIgnoreReturnValue
  public CommandResult awaitEnd(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new LabException(describe("still runs after " + deadline));
      }
      return new CommandResult(
          command, process.exitValue(), output.finish(deadline), errors.finish(deadline));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(describe("interrupted while waiting for it"), e);
    }
  }

  /** Sends the command SIGTERM and returns what it left behind when it has ended. */
  @CanIgnoreReturnValue
  public CommandResult stop() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
        Commands.kill(process);
      }
    } catch (InterruptedException e) {
      Commands.kill(process);
      Thread.currentThread().interrupt();
    }
    return awaitEnd(GRACE);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }

  private String describe(String what) {
    return String.join(" ", command)
        + ": "
        + what
        + "\noutput so far: "
        + output.soFar()
        + "\nerrors so far: "
        + errors.soFar();
  }
}
