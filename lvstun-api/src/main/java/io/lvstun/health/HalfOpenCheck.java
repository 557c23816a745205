// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.Objects;

/**
 * Half a TCP connection: SYN, SYN-ACK, RST. The server's program never sees it. Through the tunnel
 * it is made of raw packets and needs no firewall mark.
 *
 * @param path how its packets reach the server
 * @param timeout how long one run may take, 1 ms to a day
 * @since 0.1.0
 */
public record HalfOpenCheck(CheckPath path, Duration timeout) implements NetworkCheck {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the time-out is out of range
   */
  public HalfOpenCheck {
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(path, "path");
    HealthArgument.time("timeout", timeout);
  }

  @Override
  public String describe() {
    return "half-open TCP";
  }
}
