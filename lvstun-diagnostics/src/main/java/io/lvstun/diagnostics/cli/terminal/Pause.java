// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import java.time.Duration;

/**
 * The pause before a cluster is examined again.
 *
 * @since 0.1.0
 */
public final class Pause {

  private static final long LENGTH = Duration.ofSeconds(5).toNanos();

  private Pause() {}

  /**
   * Waits a while, but not beyond a time.
   *
   * @param end the time, as {@link System#nanoTime()} tells it
   * @return false if it has passed already, or if the thread was interrupted
   */
  public static boolean until(long end) {
    long left = end - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    try {
      Thread.sleep(Duration.ofNanos(Math.min(left, LENGTH)).toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
