// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.host.process.CapturedOutput;
import io.lvstun.host.process.OutputSink;
import io.lvstun.host.process.Subprocess;
import io.lvstun.rules.Rules;
import io.lvstun.spi.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries out many commands in one run of {@code ipvsadm -R}, and yet learns what became of each.
 *
 * <p>By itself {@code -R} tells the result of the last line only, and prints the messages of the
 * others without saying whose they are. So a line that ipvsadm does not understand follows each
 * command: it does nothing, does not end the run, and its unknown option, which holds the number of
 * the command, is named on standard error, behind the message of the command if there was one.
 */
final class RestoreBatch {

  /** Begins the options that no ipvsadm knows. */
  static final String MARK = "--lvstun-mark-";

  private static final String MARK_LINE = "-L " + MARK;
  private static final String COMPLAINT = ": unknown option";
  private static final int PREAMBLE = -1;
  private static final Duration EXIT_GRACE = Duration.ofSeconds(1);

  private final Program ipvsadm;
  private final LostOutcomes fates;

  RestoreBatch(Program ipvsadm, LostOutcomes fates) {
    this.ipvsadm = ipvsadm;
    this.fates = fates;
  }

  /** Two lines that show whether an ipvsadm behaves as described: see {@link #understood}. */
  static String probe() {
    return MARK_LINE + "1\n" + MARK_LINE + "2\n";
  }

  /** Whether standard error is what the probe should bring about. */
  static boolean understood(String error) {
    return error.equals(MARK + 1 + COMPLAINT + '\n' + MARK + 2 + COMPLAINT + '\n');
  }

  /** What the commands came to, as far as the run got: of the first ones, at least of one. */
  record Progress(List<Outcome> outcomes, boolean goOn) {}

  /**
   * Carries out commands.
   *
   * @param commands one at least, each without obstacle
   * @return the outcomes of the first commands; the others have not been tried
   */
  Progress run(List<Command> commands) {
    Listener listener = new Listener();
    Subprocess subprocess =
        ipvsadm.start(
            List.of("-R"), CapturedOutput.of(Listener.LONGEST_TEXT), listener, text(commands));
    try {
      return new Run(commands, listener, subprocess).progress();
    } finally {
      ipvsadm.finish(subprocess);
    }
  }

  private static byte[] text(List<Command> commands) {
    StringBuilder text = new StringBuilder(MARK_LINE).append(PREAMBLE).append('\n');
    for (int i = 0; i < commands.size(); i++) {
      text.append(String.join(" ", Rules.arguments(commands.get(i)))).append('\n');
      text.append(MARK_LINE).append(i).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** What came on standard error between two marks; the mark is absent at the end. */
  private record Said(@Nullable String mark, String text) {}

  /** Cuts standard error at the marks. */
  private static final class Listener implements OutputSink {

    static final int LONGEST_TEXT = 64 * 1024;

    private final BlockingQueue<Said> queue = new LinkedBlockingQueue<>();
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder text = new StringBuilder();

    @Override
    public boolean accept(byte[] buffer, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        char c = (char) (buffer[i] & 0xff);
        if (c != '\n') {
          line.append(c);
        } else {
          endLine();
        }
        if (line.length() + text.length() > LONGEST_TEXT) {
          return false;
        }
      }
      return true;
    }

    private void endLine() {
      String complete = line.toString();
      line.setLength(0);
      if (complete.startsWith(MARK) && complete.endsWith(COMPLAINT)) {
        queue.add(
            new Said(
                complete.substring(MARK.length(), complete.length() - COMPLAINT.length()),
                text.toString()));
        text.setLength(0);
      } else {
        text.append(complete).append('\n');
      }
    }

    @Override
    public void ended() {
      text.append(line);
      queue.add(new Said(null, text.toString()));
    }

    @Nullable Said next(Duration time) throws InterruptedException {
      return queue.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Nullable Said next() {
      return queue.poll();
    }
  }

  private final class Run {

    private final List<Command> commands;
    private final Listener listener;
    private final Subprocess subprocess;
    private final List<Outcome> outcomes = new ArrayList<>();
    private boolean begun;

    Run(List<Command> commands, Listener listener, Subprocess subprocess) {
      this.commands = commands;
      this.listener = listener;
      this.subprocess = subprocess;
    }

    Progress progress() {
      while (outcomes.size() < commands.size()) {
        Said said;
        try {
          said = listener.next(ipvsadm.deadline());
        } catch (InterruptedException e) {
          return interrupted();
        }
        if (said == null) {
          return late();
        }
        if (said.mark == null) {
          return ended(said.text);
        }
        if (!take(said)) {
          return confused();
        }
      }
      awaitExit();
      return new Progress(outcomes, true);
    }

    /** Takes what was said up to a mark; false if it is not the mark that is due. */
    private boolean take(Said said) {
      if (!begun) {
        begun = true;
        return Integer.toString(PREAMBLE).equals(said.mark);
      }
      if (!Integer.toString(outcomes.size()).equals(said.mark)) {
        return false;
      }
      Command command = current();
      outcomes.add(
          said.text.isBlank()
              ? Outcome.done(command)
              : Outcome.failed(command, Refusals.of(command, Refusals.KERNEL_REFUSED, said.text)));
      return true;
    }

    private Command current() {
      return commands.get(outcomes.size());
    }

    private Program.Purpose purpose() {
      return new Program.Purpose(current().operation(), current().target());
    }

    /** ipvsadm leaves its loop at the end of the input: nothing to do but to reap it. */
    private OptionalInt awaitExit() {
      try {
        OptionalInt exitCode = subprocess.await(EXIT_GRACE);
        if (exitCode.isEmpty()) {
          subprocess.kill();
        }
        return exitCode;
      } catch (IOException e) {
        throw ipvsadm.notStarted(purpose(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        subprocess.killAndWait();
        return OptionalInt.empty();
      }
    }

    /** The program ended before the last mark. */
    private Progress ended(String text) {
      int code = awaitExit().orElse(-1);
      if (!begun) {
        // It did not come as far as the first command: no permission, no module.
        for (Command command : commands) {
          outcomes.add(Outcome.failed(command, Refusals.of(command, code, text)));
        }
        return new Progress(outcomes, false);
      }
      Command command = current();
      boolean told = !text.isBlank() && code > 0 && code < 128;
      outcomes.add(
          told
              ? Outcome.failed(command, Refusals.of(command, code, text))
              : fates.of(command, "ipvsadm died (exit code " + code + ") meanwhile"));
      return new Progress(outcomes, true);
    }

    private Progress late() {
      return cutShort(
          "ipvsadm did not end it within " + ipvsadm.deadline().toMillis() + " ms and was killed",
          false);
    }

    private Progress interrupted() {
      Thread.currentThread().interrupt();
      return cutShort("interrupted while ipvsadm ran, which was killed", true);
    }

    /**
     * Kills the program. What it said before still counts; what became of the command it was at is
     * read, and those behind it were not begun.
     */
    private Progress cutShort(String event, boolean stop) {
      subprocess.killAndWait();
      for (Said said = listener.next(); said != null; said = listener.next()) {
        if (said.mark == null || !take(said)) {
          break;
        }
        if (outcomes.size() == commands.size()) {
          return new Progress(outcomes, !stop);
        }
      }
      Outcome fate = fates.of(current(), event);
      outcomes.add(fate);
      return new Progress(outcomes, !stop && fates.readable());
    }

    private Progress confused() {
      subprocess.killAndWait();
      LvsException error =
          new io.lvstun.ProtocolException(
              Program.failure(
                  purpose(),
                  "ipvsadm -R did not report on its commands in their order",
                  "Check that the program is ipvsadm 1.28 to 1.31 (ipvsadm --version)"));
      while (outcomes.size() < commands.size()) {
        outcomes.add(Outcome.failed(current(), error));
      }
      return new Progress(outcomes, false);
    }
  }
}
