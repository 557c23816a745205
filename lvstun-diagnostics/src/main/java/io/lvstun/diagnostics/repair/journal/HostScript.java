// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import io.lvstun.LvsException;
import io.lvstun.diagnostics.script.BundledText;
import io.lvstun.host.ChangeScript;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The script that changes hosts, {@code repair.sh}, as seen from here. Its text is a constant that
 * the host's shell reads as input; what varies goes as arguments, which no shell reads as text.
 *
 * @since 0.1.0
 */
public final class HostScript {

  /** The host lacks something. */
  static final int LACKING = 69;

  /** The journal could not be written; nothing was changed. */
  static final int NO_JOURNAL = 73;

  /** Somebody else holds the lock. */
  static final int BUSY = 75;

  /** A file was changed by somebody else meanwhile; it was left. */
  static final int CONFLICT = ChangeScript.CONFLICT;

  private static final String TEXT = BundledText.beside(HostScript.class, "repair.sh");
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int MOST_OUTPUT = 32 << 20;

  /** What stands in front of /proc, /sys, /var and /etc on the host: nothing, but in tests. */
  private static final String ROOT = "";

  private final Host host;

  /** Runs on this host. */
  public HostScript(Host host) {
    this.host = host;
  }

  /** Returns the host. */
  public Host host() {
    return host;
  }

  /**
   * What the script answered.
   *
   * @param code its exit status
   * @param lines what it said, without the mark in front
   * @param problem why it failed; empty if it did not
   */
  public record Answer(int code, List<String> lines, String problem) {

    /** Tells whether the script did what it was asked. */
    public boolean successful() {
      return code == 0;
    }

    /** The words of the first line that begins with this one; empty if there is none. */
    List<String> words(String first) {
      for (String line : lines) {
        if (line.equals(first) || line.startsWith(first + " ")) {
          return List.of(line.split(" ", -1));
        }
      }
      return List.of();
    }
  }

  /** Runs one verb of the script. */
  public Answer call(String verb, String... arguments) {
    return call(verb, Arrays.asList(arguments));
  }

  /**
   * Runs a verb.
   *
   * @throws HostException if the host does not answer
   */
  public Answer call(String verb, List<String> arguments) {
    return call(verb, arguments, "", DEADLINE);
  }

  /** Runs a verb with what it reads besides its arguments. */
  Answer call(String verb, List<String> arguments, String payload, Duration deadline) {
    List<String> all =
        new ArrayList<>(List.of("/bin/sh", "-c", "eval \"$(cat)\"", "lvstun-repair", ROOT, verb));
    all.addAll(arguments);
    CommandResult result =
        host.run(
            HostCommand.of(all)
                .input(ChangeScript.text(payload) + TEXT)
                .deadline(deadline)
                .maxOutput(MOST_OUTPUT));
    if (result.timedOut() || result.truncated()) {
      throw unanswered(
          verb,
          result.timedOut()
              ? "no answer within " + deadline.toSeconds() + " s"
              : "output exceeded 32 MiB");
    }
    List<String> lines = new ArrayList<>();
    String reason = "";
    for (String line : result.output().lines().toList()) {
      if (line.startsWith("= ")) {
        lines.add(line.substring(2));
      } else if (line.startsWith("! ")) {
        reason = line.substring(2);
      }
    }
    if (result.exitCode() == 0) {
      return new Answer(0, lines, "");
    }
    if (reason.isEmpty() && (result.exitCode() == 255 || result.exitCode() == 127)) {
      // The connection, or the shell, and not the script.
      throw unanswered(verb, "status " + result.exitCode() + ", " + result.errors());
    }
    String errors = result.errors().strip();
    String problem =
        errors.isEmpty() ? reason : reason.isEmpty() ? errors : errors + " (" + reason + ")";
    return new Answer(result.exitCode(), lines, Printable.of(problem));
  }

  private HostException unanswered(String verb, String reason) {
    return new HostException(
        new LvsException.Failure(
            "repair (" + verb + ")",
            host.specification(),
            "host",
            Printable.of(reason),
            OptionalInt.empty(),
            "What was begun is in the journal on the host; undo takes it back."));
  }
}
