// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import java.time.Duration;

/**
 * The time limit for an answer. The clock starts on the first query: most answers are immediate,
 * and reading the clock would cost as much as reading one. Not thread-safe.
 */
public final class Deadline {

  private final long nanos;
  private boolean running;
  private long end;

  private Deadline(long nanos) {
    this.nanos = nanos;
  }

  private long remaining() {
    long now = System.nanoTime();
    if (!running) {
      running = true;
      end = now + nanos;
    }
    return end - now;
  }

  /**
   * Returns the moment after a time from when it is first asked for.
   *
   * @param time how long
   * @return the deadline
   */
  public static Deadline in(Duration time) {
    return new Deadline(time.toNanos());
  }

  /**
   * Returns the earlier of this deadline and the moment after a time from now.
   *
   * @param time how long
   * @return the deadline
   */
  public Deadline orIn(Duration time) {
    return time.toNanos() < remaining() ? in(time) : this;
  }

  /**
   * Returns how much time is left.
   *
   * @return milliseconds, rounded up; 0 if the moment has passed
   */
  public int remainingMillis() {
    long left = remaining();
    return left <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
  }

  /**
   * Tells whether the moment has passed.
   *
   * @return true if it has
   */
  public boolean passed() {
    return remaining() <= 0;
  }
}
