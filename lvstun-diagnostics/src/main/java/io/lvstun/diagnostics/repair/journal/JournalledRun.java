// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import java.time.Instant;

/**
 * What a host's journal says of one run.
 *
 * @param host the host's name
 * @param id the run's number, the same on all hosts that it changed
 * @param what {@code fix}, {@code prepare director} or {@code prepare real-server}
 * @param at when it began, by the clock of the machine that the doctor ran on
 * @param steps how many steps were begun
 * @param undone whether all of them were taken back
 * @since 0.1.0
 */
public record JournalledRun(
    String host, String id, String what, Instant at, int steps, boolean undone) {

  /** Returns one line, for example {@code 20260102-030405-1f2e rs1 fix, 3 steps}. */
  @Override
  public String toString() {
    return id + " " + host + " " + what + ", " + steps + " steps" + (undone ? ", undone" : "");
  }
}
