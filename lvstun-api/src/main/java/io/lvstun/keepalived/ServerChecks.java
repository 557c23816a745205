// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How one real server of a virtual server is checked.
 *
 * <p>Immutable.
 *
 * @param timers the timers that its checks inherit
 * @param inhibitOnFailure whether a failure makes its weight 0 instead of removing it; by default
 *     as the virtual server
 * @param checkers the checks; all of them must pass
 * @since 0.1.0
 */
public record ServerChecks(
    CheckTimers timers, Optional<Boolean> inhibitOnFailure, List<Checker> checkers) {

  /** No checks: the server is always up. */
  public static final ServerChecks NONE =
      new ServerChecks(CheckTimers.INHERITED, Optional.empty(), List.of());

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the timers have retry 0, which checks alone may have
   */
  public ServerChecks {
    Objects.requireNonNull(checkers, "checkers");
    Objects.requireNonNull(inhibitOnFailure, "inhibitOnFailure");
    timers.retry().ifPresent(value -> Checked.range("retry", value, 1, Integer.MAX_VALUE));
    checkers = List.copyOf(checkers);
  }

  /**
   * Returns checks with inherited timers.
   *
   * @param checkers the checks; all of them must pass
   * @return the value
   */
  public static ServerChecks of(Checker... checkers) {
    Objects.requireNonNull(checkers, "checkers");
    return new ServerChecks(CheckTimers.INHERITED, Optional.empty(), List.of(checkers));
  }

  /**
   * Returns a copy with another set of timers.
   *
   * @param timers the timers that its checks inherit
   * @return a copy
   */
  public ServerChecks timers(CheckTimers timers) {
    return new ServerChecks(timers, inhibitOnFailure, checkers);
  }

  /**
   * Returns a copy with another reaction to failures.
   *
   * @param inhibitOnFailure true for weight 0, false for removal
   * @return a copy
   */
  public ServerChecks inhibitOnFailure(boolean inhibitOnFailure) {
    return new ServerChecks(timers, Optional.of(inhibitOnFailure), checkers);
  }

  /**
   * Returns a copy with another list of checks.
   *
   * @param checkers the checks; all of them must pass
   * @return a copy
   */
  public ServerChecks checkers(List<Checker> checkers) {
    return new ServerChecks(timers, inhibitOnFailure, checkers);
  }
}
