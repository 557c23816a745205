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
import io.lvstun.spi.KernelError;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A program and how it is run: where, for how long, with how much output. Thread-safe. */
final class Program {

  /**
   * As in "error=24, Too many open files"; newer JDKs say "Exec failed, error: 24 (Too many...)".
   */
  private static final Pattern ERRNO = Pattern.compile("\\berror(?:=|: )(\\d{1,4})\\b");

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
  private volatile boolean closed;

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

  /** A run that was cut short: what the program did before is not known. */
  static final class CutShort extends Exception {
    private static final long serialVersionUID = 1L;

    CutShort(String event) {
      super(event, null, false, false);
    }

    /** What cut it short, as a clause for messages. */
    String event() {
      return String.valueOf(getMessage());
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

  /**
   * The same program, so that the runs of the two can be ended apart. The namespace stays this
   * one's, which must be closed last.
   */
  Program copy() {
    return new Program(prefix, name, deadline, null);
  }

  Result run(Purpose purpose, List<String> arguments) {
    return runWithInput(purpose, arguments, null);
  }

  /**
   * Runs the program to its end; a late one is an error. The deadline counts from the last output
   * on: a long table takes its time, and is printed piece by piece.
   */
  Result runWithInput(Purpose purpose, List<String> arguments, byte @Nullable [] input) {
    Progress output = new Progress(CapturedOutput.of(LONGEST_OUTPUT));
    return finish(
        purpose,
        start(arguments, output, output.error, input),
        output,
        name + " printed nothing for " + deadline.toMillis() + " ms, did not end and was killed",
        "A program or the kernel holds the table; try again, or allow a longer deadline");
  }

  /** Runs the program until it has printed a line. */
  Result runForFirstLine(Purpose purpose, List<String> arguments) {
    Progress output = new Progress(CapturedOutput.firstLine(LONGEST_ERROR));
    return finish(
        purpose,
        start(arguments, output, output.error, null),
        output,
        name + " printed nothing within " + deadline.toMillis() + " ms and was killed",
        "");
  }

  private Result finish(
      Purpose purpose, Subprocess subprocess, Progress output, String late, String hint) {
    try {
      int seen = output.count();
      OptionalInt exitCode = subprocess.await(deadline);
      while (exitCode.isEmpty() && seen != output.count()) {
        seen = output.count();
        exitCode = subprocess.await(deadline);
      }
      if (exitCode.isEmpty()) {
        subprocess.killAndWait();
      }
      requireOpen();
      requireBounded(purpose, output);
      if (exitCode.isEmpty()) {
        throw new TimeoutException(failure(purpose, late, hint));
      }
      return output.result(exitCode.getAsInt());
    } catch (IOException e) {
      throw notStarted(purpose, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      subprocess.kill();
      throw new LvsException(
          failure(purpose, "interrupted while " + name + " ran; it was killed", ""), e);
    } finally {
      running.remove(subprocess);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the ipvsadm driver was closed meanwhile");
    }
  }

  private void requireBounded(Purpose purpose, Progress output) {
    boolean much = output.captured.overflowed();
    if (much || output.error.overflowed()) {
      throw new ProtocolException(
          failure(
              purpose,
              name
                  + " printed more than "
                  + (much ? LONGEST_OUTPUT : LONGEST_ERROR)
                  + " bytes and was killed",
              ""));
    }
  }

  /**
   * Runs a program that changes something, for a time. The thread's interrupt status is set again
   * if an interrupt cuts the run short.
   */
  Result change(Purpose purpose, List<String> arguments, Duration time) throws CutShort {
    Progress output = new Progress(CapturedOutput.of(LONGEST_ERROR));
    Subprocess subprocess = start(arguments, output, output.error, null);
    try {
      OptionalInt exitCode = subprocess.await(time);
      if (exitCode.isEmpty()) {
        subprocess.killAndWait();
        throw new CutShort(name + " did not end within " + time.toMillis() + " ms and was killed");
      }
      requireBounded(purpose, output);
      return output.result(exitCode.getAsInt());
    } catch (IOException e) {
      throw notStarted(purpose, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      subprocess.killAndWait();
      throw new CutShort("interrupted while " + name + " ran, which was killed");
    } finally {
      running.remove(subprocess);
    }
  }

  /** Java tells the error number of a start that failed in its text alone. */
  LvsException notStarted(Purpose purpose, IOException cause) {
    String text = name + " cannot be run: " + cause.getMessage();
    Matcher number = ERRNO.matcher(text);
    return number.find()
        ? KernelError.unreached(
            IpvsadmDriver.NAME,
            purpose.operation(),
            purpose.target(),
            Integer.parseInt(number.group(1)),
            text)
        : new LvsException(failure(purpose, text, ""), cause);
  }

  /** Counts the pieces that come. */
  private static final class Progress implements OutputSink {

    private final CapturedOutput captured;
    private final CapturedOutput error = CapturedOutput.of(LONGEST_ERROR);
    private final AtomicInteger pieces = new AtomicInteger();

    Progress(CapturedOutput captured) {
      this.captured = captured;
    }

    @Override
    public boolean accept(byte[] buffer, int offset, int length) {
      pieces.incrementAndGet();
      return captured.accept(buffer, offset, length);
    }

    int count() {
      return pieces.get();
    }

    Result result(int exitCode) {
      return new Result(exitCode, captured, error.text(StandardCharsets.ISO_8859_1));
    }
  }

  /** Starts the program; {@link #finish} must be called for it in the end. */
  Subprocess start(
      List<String> arguments, OutputSink output, OutputSink error, byte @Nullable [] input) {
    Invocation invocation = invocation(arguments);
    Subprocess subprocess =
        Subprocess.start(input == null ? invocation : invocation.withInput(input), output, error);
    running.add(subprocess);
    if (closed) {
      subprocess.kill();
    }
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
      public int read() throws IOException {
        try {
          return super.read();
        } catch (IOException e) {
          requireOpen();
          throw e;
        }
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
          return super.read(buffer, offset, length);
        } catch (IOException e) {
          requireOpen();
          throw e;
        }
      }

      @Override
      public void close() throws IOException {
        super.close();
        running.remove(subprocess);
      }
    };
  }

  /** Forgets a process, and kills it if it still runs. */
  void finish(Subprocess subprocess) {
    subprocess.kill();
    running.remove(subprocess);
  }

  /** Kills every process that runs, which says so, and lets the namespace go. */
  void close() {
    closed = true;
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
