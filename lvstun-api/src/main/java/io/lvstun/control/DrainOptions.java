// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.time.Duration;
import java.util.Objects;

/**
 * How a real server is drained.
 *
 * @param deadline how long to wait before it is removed with connections left: 0 to 7 days
 * @param udpDeadline the same for UDP services, where an entry counts as a connection until its
 *     time-out and steady traffic never ends: 0 to 7 days
 * @param waitsForTemplates whether persistence templates count as connections. With {@code
 *     net.ipv4.vs.expire_quiescent_template=1} a template stops leading clients to a server of
 *     weight 0, so that there is nothing to wait for; with 0, the kernel's default, its clients
 *     come back until it expires
 * @since 0.1.0
 */
public record DrainOptions(Duration deadline, Duration udpDeadline, boolean waitsForTemplates) {

  private static final Duration LONGEST = Duration.ofDays(7);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a deadline is out of range
   */
  public DrainOptions {
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(udpDeadline, "udpDeadline");
    range("deadline", deadline);
    range("deadline for UDP", udpDeadline);
  }

  private static void range(String name, Duration value) {
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be 0 to 7 days, not " + value);
    }
  }

  /**
   * Returns options with one deadline for all, that do not wait for persistence templates.
   *
   * @param deadline 0 to 7 days
   * @return the options
   * @throws IllegalArgumentException if out of range
   */
  public static DrainOptions within(Duration deadline) {
    return new DrainOptions(deadline, deadline, false);
  }

  /**
   * Returns a copy with another deadline for UDP services; the earlier of both counts.
   *
   * @param deadline 0 to 7 days
   * @return a copy
   * @throws IllegalArgumentException if out of range
   */
  public DrainOptions udpDeadline(Duration deadline) {
    return new DrainOptions(this.deadline, deadline, waitsForTemplates);
  }

  /**
   * Returns a copy that also waits until no persistence template leads to the server.
   *
   * @param waits default false
   * @return a copy
   */
  public DrainOptions waitsForTemplates(boolean waits) {
    return new DrainOptions(deadline, udpDeadline, waits);
  }
}
