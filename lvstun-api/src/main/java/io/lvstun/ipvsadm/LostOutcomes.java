// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.TimeoutException;
import io.lvstun.spi.Aftermath;
import io.lvstun.spi.Outcome;

/** Learns by reading what became of a command whose run was cut short. */
final class LostOutcomes {

  private final Aftermath.Readings readings;
  private volatile boolean readable = true;

  LostOutcomes(Aftermath.Readings readings) {
    this.readings = readings;
  }

  /** Whether the last look at the table succeeded: then other commands are worth trying. */
  boolean readable() {
    return readable;
  }

  /**
   * Looks at the table.
   *
   * @param command the command
   * @param event what happened, for the message
   * @return done if the table is as the command wants it, else a time-out that says what is known
   */
  Outcome of(Command command, String event) {
    String known;
    try {
      Aftermath.Fate fate = uninterrupted(command);
      readable = true;
      if (fate == Aftermath.Fate.DONE) {
        return Outcome.done(command);
      }
      known =
          fate == Aftermath.Fate.NOT_DONE
              ? "it has not been carried out"
              : "whether it was carried out is not known";
    } catch (LvsException e) {
      readable = false;
      known = "whether it was carried out is not known: " + e.reason();
    }
    return Outcome.failed(
        command,
        new TimeoutException(
            Program.failure(
                new Program.Purpose(command.operation(), command.target()),
                event + "; " + known,
                "Read the state and try again")));
  }

  /** Looks to the end even if the thread is interrupted, and sets its interrupt status again. */
  private Aftermath.Fate uninterrupted(Command command) {
    boolean interrupted = Thread.interrupted();
    try {
      return Aftermath.of(command, readings);
    } catch (LvsException e) {
      if (!Thread.interrupted()) {
        throw e;
      }
      // Interrupted while it looked: once more, for what was done must be told.
      interrupted = true;
      return Aftermath.of(command, readings);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
