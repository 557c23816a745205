// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.LvsException;
import io.lvstun.ProtocolException;
import io.lvstun.TimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A program and how it is run: where, for how long, with how much output. Thread-safe. */
final class Program {

  /**
   * A real server takes nearly 500 bytes in the lists of one run, and what is made of them some
   * thrice that: a sixteenth of the heap leaves room, and 256 MiB are enough for half a million
   * servers.
   */
  private static final long LONGEST_OUTPUT =
      Math.max(4L << 20, Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 16));

  private static final long LONGEST_ERROR = 64L << 10;

  private final List<String> prefix;
  private final String name;
  private final Duration deadline;
  private final Set<Execution> running = ConcurrentHashMap.newKeySet();

  /**
   * Describes a program.
   *
   * @param prefix the words that every run begins with: the program's path, or another program that
   *     runs it
   * @param name for messages
   * @param deadline how long a run may take
   */
  Program(List<String> prefix, String name, Duration deadline) {
    this.prefix = List.copyOf(prefix);
    this.name = name;
    this.deadline = deadline;
  }

  /** What a run came to. */
  record Result(int exitCode, BoundedOutput output, String error) {}

  /** What is done, for messages. */
  record Purpose(String operation, String target) {}

  /** No exit before the deadline. */
  static final class Late extends Exception {
    private static final long serialVersionUID = 1L;

    Late() {
      super("late", null, false, false);
    }
  }

  Duration deadline() {
    return deadline;
  }

  Result run(Purpose purpose, List<String> arguments) {
    return runWithInput(purpose, arguments, null);
  }

  /** Runs the program to its end; a late one is an error. */
  Result runWithInput(Purpose purpose, List<String> arguments, byte @Nullable [] input) {
    try {
      return run(purpose, arguments, input, BoundedOutput.of(LONGEST_OUTPUT), deadline);
    } catch (Late e) {
      throw new TimeoutException(
          failure(
              purpose,
              name + " did not end within " + deadline.toMillis() + " ms and was killed",
              "A program or the kernel holds the table; try again, or allow a longer deadline"),
          e);
    }
  }

  /** Runs the program until it has printed a line. */
  Result runForFirstLine(Purpose purpose, List<String> arguments) {
    try {
      return run(purpose, arguments, null, BoundedOutput.firstLine(LONGEST_ERROR), deadline);
    } catch (Late e) {
      throw new TimeoutException(
          failure(
              purpose,
              name + " printed nothing within " + deadline.toMillis() + " ms and was killed",
              ""),
          e);
    }
  }

  /** Runs the program to its end, or for a time. */
  Result run(Purpose purpose, List<String> arguments, Duration time) throws Late {
    return run(purpose, arguments, null, BoundedOutput.of(LONGEST_OUTPUT), time);
  }

  private Result run(
      Purpose purpose,
      List<String> arguments,
      byte @Nullable [] input,
      BoundedOutput output,
      Duration time)
      throws Late {
    BoundedOutput error = BoundedOutput.of(LONGEST_ERROR);
    Execution execution = start(arguments, output, error, input);
    try {
      OptionalInt exitCode = await(purpose, execution, time);
      if (output.overflowed() || error.overflowed()) {
        throw new ProtocolException(
            failure(
                purpose,
                name
                    + " printed more than "
                    + (output.overflowed() ? LONGEST_OUTPUT : LONGEST_ERROR)
                    + " bytes and was killed",
                ""));
      }
      if (exitCode.isEmpty()) {
        execution.killAndWait();
        throw new Late();
      }
      return new Result(exitCode.getAsInt(), output, error.text());
    } finally {
      running.remove(execution);
    }
  }

  /** Starts the program; {@link #finish} must be called for it in the end. */
  Execution start(List<String> arguments, Sink output, Sink error, byte @Nullable [] input) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(arguments);
    Execution execution = Execution.start(command, output, error, input);
    running.add(execution);
    return execution;
  }

  /** Waits; an interrupt kills the process. */
  OptionalInt await(Purpose purpose, Execution execution, Duration time) {
    try {
      return execution.await(time);
    } catch (IOException e) {
      throw new LvsException(failure(purpose, name + " cannot be run: " + e.getMessage(), ""), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      execution.kill();
      throw interrupted(purpose, e);
    }
  }

  LvsException interrupted(Purpose purpose, InterruptedException cause) {
    return new LvsException(
        failure(purpose, "interrupted while " + name + " ran; it was killed", ""), cause);
  }

  /** Forgets a process, and kills it if it still runs. */
  void finish(Execution execution) {
    execution.kill();
    running.remove(execution);
  }

  /** Kills every process of this program that runs. */
  void killAll() {
    running.forEach(Execution::kill);
  }

  @Override
  public String toString() {
    return name;
  }

  static LvsException.Failure failure(Purpose purpose, String reason, String hint) {
    return new LvsException.Failure(
        purpose.operation(),
        purpose.target(),
        IpvsadmDriver.NAME,
        reason,
        OptionalInt.empty(),
        hint);
  }
}
