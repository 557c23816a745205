// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

/**
 * Counts how often another program undid what the controller keeps in one service, and how long to
 * wait before the next repair. Mutable; of the core's thread.
 */
final class Fight {

  /** Repairs that are made at once; a hand at {@code ipvsadm} is not a program. */
  private static final int PATIENCE = 3;

  /** The longest wait is 2 to this many periods. */
  private static final int MOST_DOUBLINGS = 5;

  /** Without a difference for so many periods after the last wait, it is over. */
  private static final int QUIET = 10;

  private int drifts;
  private long notBefore = Long.MIN_VALUE;
  private long last = Long.MIN_VALUE;
  private long since;

  /** Notes a drift; tells whether it makes the fight, that was none before. */
  boolean drifted(long now, long period) {
    if (drifts == 0) {
      since = now;
    }
    drifts++;
    last = now;
    if (drifts <= PATIENCE) {
      return false;
    }
    notBefore = now + (period << Math.min(drifts - PATIENCE, MOST_DOUBLINGS));
    return drifts == PATIENCE + 1;
  }

  /** Tells whether a repair has to wait. */
  boolean waits(long now) {
    return now < notBefore;
  }

  long notBefore() {
    return notBefore;
  }

  int drifts() {
    return drifts;
  }

  long since() {
    return since;
  }

  /** Called when the table is as it should be; tells whether that ends a fight. */
  boolean quiet(long now, long period) {
    if (drifts == 0 || now < Math.max(last, notBefore) + QUIET * period) {
      return false;
    }
    boolean fought = drifts > PATIENCE;
    drifts = 0;
    notBefore = Long.MIN_VALUE;
    return fought;
  }
}
