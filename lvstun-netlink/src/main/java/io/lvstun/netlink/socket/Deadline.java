// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import java.time.Duration;

/** A moment by which an answer must be there. Immutable. */
public final class Deadline {

  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  /**
   * Returns the moment after a time from now.
   *
   * @param time how long
   * @return the deadline
   */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /**
   * Returns the earlier of this deadline and the moment after a time from now.
   *
   * @param time how long
   * @return the deadline
   */
  public Deadline orIn(Duration time) {
    Deadline other = in(time);
    return other.end - end < 0 ? other : this;
  }

  /**
   * Returns how much time is left.
   *
   * @return milliseconds, rounded up; 0 if the moment has passed
   */
  public int remainingMillis() {
    long nanos = end - System.nanoTime();
    return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000);
  }

  /**
   * Tells whether the moment has passed.
   *
   * @return true if it has
   */
  public boolean passed() {
    return end - System.nanoTime() <= 0;
  }
}
