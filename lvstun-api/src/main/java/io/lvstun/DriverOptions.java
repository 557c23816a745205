// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Options for opening a driver.
 *
 * @param namespace the network namespace to work in; empty for the process's own
 * @param deadline how long a request may take, from 1 ms to 1 hour. A driver may start counting
 *     only when an answer is not immediate
 * @since 0.1.0
 */
public record DriverOptions(Optional<NetworkNamespace> namespace, Duration deadline) {

  /** The default deadline: 5 seconds. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

  /**
   * Checks the deadline.
   *
   * @throws IllegalArgumentException if the deadline is below 1 ms or above 1 hour
   */
  public DriverOptions {
    Objects.requireNonNull(namespace, "namespace");
    if (deadline.compareTo(Duration.ofMillis(1)) < 0
        || deadline.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("deadline must be 1 ms to 1 hour, not " + deadline);
    }
  }

  /**
   * Returns the process's own namespace and the default deadline.
   *
   * @return the options
   */
  public static DriverOptions defaults() {
    return new DriverOptions(Optional.empty(), DEFAULT_DEADLINE);
  }
}
