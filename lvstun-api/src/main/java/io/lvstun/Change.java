// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import io.lvstun.spi.Command;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One step of a plan: a command, and the commands that take it back.
 *
 * @param command what is done
 * @param undo what takes it back, in order; restores configuration, not counters
 * @since 0.1.0
 */
public record Change(Command command, List<Command> undo) {

  /** Copies the list. */
  public Change {
    undo = List.copyOf(undo);
  }

  /** Tells whether the change takes something away, so that it comes after all others. */
  boolean removes() {
    return command instanceof Command.RemoveService || command instanceof Command.RemoveServer;
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
      return "~ " + old() + " => " + edit.service().settings();
    } else if (command instanceof Command.RemoveService remove) {
      return "- " + remove.service();
    } else if (command instanceof Command.AddServer add) {
      return "+ " + add.service() + " -> " + add.server();
    } else if (command instanceof Command.EditServer edit) {
      return "~ " + edit.service() + " -> " + old() + " => " + edit.server();
    } else if (command instanceof Command.RemoveServer remove) {
      return "- " + remove.service() + " -> " + remove.server();
    } else if (command instanceof Command.StartDaemon start) {
      return "+ " + start.daemon();
    } else if (command instanceof Command.StopDaemon) {
      return "- " + old();
    } else if (command instanceof Command.SetTimeouts set) {
      return "~ timeouts " + old() + " => " + set.timeouts();
    }
    return command.operation() + " " + command.target();
  }

  private String old() {
    return undo.stream()
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
