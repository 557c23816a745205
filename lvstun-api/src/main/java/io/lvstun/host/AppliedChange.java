// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.ForeignText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A change that was applied to a host, with what it takes to undo it. Made by {@link
 * HostChange#apply}. Immutable.
 *
 * <p>It lives in this process only. Use {@code Preparation} or {@code Repair} of the module
 * lvstun-diagnostics for changes that another process may have to undo: they keep a journal on the
 * host.
 *
 * @param host where
 * @param change what
 * @param before the state before
 * @param after the state that the change leads to; equal to {@code before} if nothing was done
 * @since 0.1.0
 */
public record AppliedChange(Host host, HostChange change, String before, String after) {
  /** Checks that nothing is missing. */
  public AppliedChange {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(change, "change");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
  }

  /**
   * Tells whether the host was changed.
   *
   * @return false if the host was as the change wants it already
   */
  public boolean changed() {
    return change.blind() || !ChangeScript.same(before, after);
  }

  /**
   * Brings the host back to the state before, if it still is as the change left it.
   *
   * @return whether the host was changed; false if it is as it was before
   * @throws HostException if somebody else has changed it since, the host cannot be reached, or the
   *     step fails
   */
  @CanIgnoreReturnValue
  public boolean undo() {
    if (!changed()) {
      return false;
    }
    if (change.blind()) {
      if (change.undo().isEmpty()) {
        throw HostException.of(host, doing("undo"), "no command undoes it", "");
      }
      var unused = call(host, change, after, HostChange.UNKNOWN, "undo");
      return true;
    }
    String current = read(host, change);
    if (ChangeScript.same(current, before)) {
      return false;
    }
    String target = before;
    if (!ChangeScript.same(current, after)) {
      String merged = change.merged(before, after, current);
      if (merged == null) {
        throw HostException.of(
            host,
            doing("undo"),
            "somebody else has changed it since; it was left as it is",
            "Check it, and change it back by hand.");
      }
      target = merged;
    }
    expect(host, change, target, call(host, change, current, target, "undo"), "undo");
    return true;
  }

  static AppliedChange apply(Host host, HostChange change) {
    if (change instanceof ManualChange) {
      throw HostException.of(host, "apply " + change.text(), "a person has to do it", "");
    }
    String before = read(host, change);
    if (before.equals(HostChange.NONE) && !(change instanceof FileChange)) {
      throw HostException.of(host, "apply " + change.text(), "not present on this host", "");
    }
    String after;
    try {
      after = change.wanted(before);
    } catch (IllegalStateException e) {
      throw HostException.of(host, "apply " + change.text(), String.valueOf(e.getMessage()), "");
    }
    AppliedChange applied = new AppliedChange(host, change, before, after);
    if (applied.changed()) {
      expect(host, change, after, call(host, change, before, after, "apply"), "apply");
    }
    return applied;
  }

  static String read(Host host, HostChange change) {
    List<String> arguments = new ArrayList<>(List.of("look"));
    arguments.addAll(change.query());
    return state(host, change, run(host, change, "", arguments, "read the state of"), "read");
  }

  private static String call(
      Host host, HostChange change, String current, String target, String doing) {
    List<String> arguments = new ArrayList<>(List.of("change"));
    arguments.addAll(change.query());
    arguments.addAll(change.operation(current, target));
    String payload = target.equals(HostChange.NONE) ? "" : change.payload();
    return run(host, change, payload, arguments, doing);
  }

  private static void expect(
      Host host, HostChange change, String target, String line, String doing) {
    if (change.blind()) {
      return;
    }
    String now = state(host, change, line, doing);
    if (!ChangeScript.same(now, target)) {
      throw HostException.of(
          host,
          doing + " " + change.text(),
          "the step was carried out, but the state is "
              + ForeignText.printable(now.equals(HostChange.NONE) ? "absent" : now)
              + ", not "
              + ForeignText.printable(target.equals(HostChange.NONE) ? "absent" : target),
          "");
    }
  }

  private static String state(Host host, HostChange change, String line, String doing) {
    Optional<String> state = ChangeScript.state(line);
    if (state.isEmpty()) {
      throw HostException.of(host, doing + " " + change.text(), ChangeScript.problem(line), "");
    }
    return state.get();
  }

  private static String run(
      Host host, HostChange change, String payload, List<String> verb, String doing) {
    List<String> arguments =
        new ArrayList<>(List.of("/bin/sh", "-c", "eval \"$(cat)\"", "lvstun-change", ""));
    arguments.addAll(verb);
    CommandResult result =
        host.run(
            HostCommand.of(arguments)
                .input(ChangeScript.program(payload))
                .deadline(change.deadline()));
    String reason = "";
    for (String line : result.output().lines().toList()) {
      if (line.startsWith("= ") && result.successful()) {
        return line.substring(2);
      } else if (line.startsWith("! ")) {
        reason = line.substring(2);
      }
    }
    String errors = result.errors().strip();
    throw HostException.of(
        host,
        doing + " " + change.text(),
        result.timedOut()
            ? "no answer within " + change.deadline().toSeconds() + " s; it may have been done"
            : ForeignText.printable(
                errors.isEmpty()
                    ? reason
                    : reason.isEmpty() ? errors : errors + " (" + reason + ")"),
        result.exitCode() == ChangeScript.CONFLICT
            ? "Nothing was changed; look at it and try again."
            : "Run as root, or see whether the host has what the change needs.");
  }

  private String doing(String verb) {
    return verb + " " + change.text();
  }
}
