// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.LvsException;
import io.lvstun.ProtocolException;
import io.lvstun.TimeoutException;
import io.lvstun.host.process.CapturedOutput;
import io.lvstun.host.process.Invocation;
import io.lvstun.host.process.OutputSink;
import io.lvstun.host.process.StreamedOutput;
import io.lvstun.host.process.Subprocess;
import io.lvstun.spi.HeldNamespace;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
  private final @Nullable HeldNamespace namespace;
  private final Set<Subprocess> running = ConcurrentHashMap.newKeySet();

  /**
   * Describes a program.
   *
   * @param prefix the words that every run begins with: the program's path, or another program that
   *     runs it
   * @param name for messages
   * @param deadline how long a run may take
   */
  Program(List<String> prefix, String name, Duration deadline) {
    this(prefix, name, deadline, null);
  }

  /**
   * Describes a program that runs in a network namespace.
   *
   * @param prefix the words that every run begins with: those that enter the namespace, too
   * @param name for messages
   * @param deadline how long a run may take
   * @param namespace the namespace; null for the process's own
   */
  Program(List<String> prefix, String name, Duration deadline, @Nullable HeldNamespace namespace) {
    this.prefix = List.copyOf(prefix);
    this.name = name;
    this.deadline = deadline;
    this.namespace = namespace;
  }

  /** What a run came to. */
  record Result(int exitCode, CapturedOutput output, String error) {
    String text() {
      return output.text(StandardCharsets.ISO_8859_1);
    }
  }

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

  /** Makes sure that the name of the namespace still stands for it. */
  void requireNamespace(Purpose purpose) {
    if (namespace != null) {
      namespace.requireCurrent(purpose.operation(), purpose.target());
    }
  }

  Result run(Purpose purpose, List<String> arguments) {
    return runWithInput(purpose, arguments, null);
  }

  /** Runs the program to its end; a late one is an error. */
  Result runWithInput(Purpose purpose, List<String> arguments, byte @Nullable [] input) {
    try {
      return run(purpose, arguments, input, CapturedOutput.of(LONGEST_OUTPUT), deadline);
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
      return run(purpose, arguments, null, CapturedOutput.firstLine(LONGEST_ERROR), deadline);
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
    return run(purpose, arguments, null, CapturedOutput.of(LONGEST_OUTPUT), time);
  }

  private Result run(
      Purpose purpose,
      List<String> arguments,
      byte @Nullable [] input,
      CapturedOutput output,
      Duration time)
      throws Late {
    CapturedOutput error = CapturedOutput.of(LONGEST_ERROR);
    Subprocess subprocess = start(arguments, output, error, input);
    try {
      OptionalInt exitCode = await(purpose, subprocess, time);
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
        subprocess.killAndWait();
        throw new Late();
      }
      return new Result(exitCode.getAsInt(), output, error.text(StandardCharsets.ISO_8859_1));
    } finally {
      running.remove(subprocess);
    }
  }

  /** Starts the program; {@link #finish} must be called for it in the end. */
  Subprocess start(
      List<String> arguments, OutputSink output, OutputSink error, byte @Nullable [] input) {
    Invocation invocation = invocation(arguments);
    Subprocess subprocess =
        Subprocess.start(input == null ? invocation : invocation.withInput(input), output, error);
    running.add(subprocess);
    return subprocess;
  }

  private Invocation invocation(List<String> arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(arguments);
    return Invocation.isolated(command);
  }

  /** Starts the program and reads what it prints, piece by piece. */
  InputStream stream(List<String> arguments) {
    StreamedOutput stream = new StreamedOutput(invocation(arguments), name, deadline);
    Subprocess subprocess = stream.subprocess();
    running.add(subprocess);
    return new FilterInputStream(stream) {
      @Override
      public void close() throws IOException {
        super.close();
        running.remove(subprocess);
      }
    };
  }

  /** Waits; an interrupt kills the process. */
  OptionalInt await(Purpose purpose, Subprocess subprocess, Duration time) {
    try {
      return subprocess.await(time);
    } catch (IOException e) {
      throw new LvsException(failure(purpose, name + " cannot be run: " + e.getMessage(), ""), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      subprocess.kill();
      throw interrupted(purpose, e);
    }
  }

  LvsException interrupted(Purpose purpose, InterruptedException cause) {
    return new LvsException(
        failure(purpose, "interrupted while " + name + " ran; it was killed", ""), cause);
  }

  /** Forgets a process, and kills it if it still runs. */
  void finish(Subprocess subprocess) {
    subprocess.kill();
    running.remove(subprocess);
  }

  /** Kills every process of this program that runs, and lets the namespace go. */
  void close() {
    running.forEach(Subprocess::kill);
    if (namespace != null) {
      namespace.close();
    }
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
