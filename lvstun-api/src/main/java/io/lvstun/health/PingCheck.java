// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.Objects;

/**
 * An ICMP echo: keepalived's {@code PING_CHECK}.
 *
 * @param path how its packets reach the server
 * @param timeout how long one run may take, 1 ms to a day
 * @since 0.1.0
 */
public record PingCheck(CheckPath path, Duration timeout) implements NetworkCheck {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the time-out is out of range
   */
  public PingCheck {
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(path, "path");
    HealthArgument.time("timeout", timeout);
  }

  @Override
  public String describe() {
    return "ping";
  }
}
