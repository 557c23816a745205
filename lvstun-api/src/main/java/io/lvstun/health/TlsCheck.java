// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.Objects;

/**
 * A TLS handshake, and how long the server's certificate is still valid.
 *
 * @param path how its packets reach the server
 * @param timeout how long one run may take, 1 ms to a day
 * @param tls how TLS is spoken
 * @param leastDaysLeft how many days the certificate must still be valid, 0 (it must not have
 *     expired) to 3650; -1 not to look
 * @since 0.1.0
 */
public record TlsCheck(CheckPath path, Duration timeout, TlsSettings tls, int leastDaysLeft)
    implements NetworkCheck {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public TlsCheck {
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(path, "path");
    HealthArgument.time("timeout", timeout);
    Objects.requireNonNull(tls, "tls");
    HealthArgument.of("least days left", leastDaysLeft, -1, 3650);
  }

  @Override
  public String describe() {
    return "TLS";
  }
}
