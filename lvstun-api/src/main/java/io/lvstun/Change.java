// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan: a command, and the commands that undo it. Two changes are equal if both parts
 * are equal. Immutable.
 *
 * @since 0.1.0
 */
public final class Change {

  private final Command command;

  // Plans of large tables are long, and nearly every change is taken back by one command: that is
  // kept without a list around it.
  private final @Nullable Command onlyUndo;
  private final List<Command> undo;

  /**
   * Makes a change.
   *
   * @param command what is done
   * @param undo what takes it back, in order; copied
   */
  public Change(Command command, List<Command> undo) {
    this.command = Objects.requireNonNull(command, "command");
    boolean single = undo.size() == 1;
    onlyUndo = single ? Objects.requireNonNull(undo.get(0), "undo") : null;
    this.undo = single ? List.of() : List.copyOf(undo);
  }

  /** Makes a change that one command takes back. */
  Change(Command command, Command undo) {
    this.command = command;
    onlyUndo = undo;
    this.undo = List.of();
  }

  /**
   * Returns what is done.
   *
   * @return the command
   */
  public Command command() {
    return command;
  }

  /**
   * Returns what takes the change back, in order. It restores configuration, not counters.
   *
   * @return the commands
   */
  public List<Command> undo() {
    return onlyUndo == null ? undo : List.of(onlyUndo);
  }

  /** Tells whether the change takes something away, so that it comes after all others. */
  boolean removes() {
    return command instanceof Command.RemoveService || command instanceof Command.RemoveServer;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Change that
        && command.equals(that.command)
        && Objects.equals(onlyUndo, that.onlyUndo)
        && undo.equals(that.undo);
  }

  @Override
  public int hashCode() {
    return 31 * command.hashCode() + undo().hashCode();
  }

  /**
   * Returns one line: {@code +} for an addition, {@code ~} for an edit with the old and the new
   * value, {@code -} for a removal.
   */
  @Override
  public String toString() {
    if (command instanceof Command.AddService add) {
      return "+ " + add.service().settings();
    } else if (command instanceof Command.EditService edit) {
      return "~ " + from() + edit.service().settings();
    } else if (command instanceof Command.RemoveService remove) {
      return "- " + remove.service();
    } else if (command instanceof Command.AddServer add) {
      return "+ " + add.service() + " -> " + add.server();
    } else if (command instanceof Command.EditServer edit) {
      return "~ " + edit.service() + " -> " + from() + edit.server();
    } else if (command instanceof Command.RemoveServer remove) {
      return "- " + remove.service() + " -> " + remove.server();
    } else if (command instanceof Command.StartDaemon start) {
      return "+ " + start.daemon();
    } else if (command instanceof Command.StopDaemon stop) {
      return "- " + (undo().isEmpty() ? "sync daemon " + stop.role() : old());
    } else if (command instanceof Command.SetTimeouts set) {
      return "~ timeouts " + from() + set.timeouts();
    }
    return command.operation() + " " + command.target();
  }

  /** What it was, if that is known, and an arrow. */
  private String from() {
    return undo().isEmpty() ? "" : old() + " => ";
  }

  private String old() {
    return undo().stream()
        .map(
            before ->
                before instanceof Command.EditService edit
                    ? edit.service().settings()
                    : before instanceof Command.EditServer server
                        ? server.server().toString()
                        : before.target())
        .collect(Collectors.joining(", "));
  }
}
