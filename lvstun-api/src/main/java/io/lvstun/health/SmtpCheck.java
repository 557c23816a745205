// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.Objects;

/**
 * An SMTP greeting: the server must send 220, accept HELO with 250 and QUIT with 221. keepalived's
 * {@code SMTP_CHECK}.
 *
 * @param path how its packets reach the server; port 0 is the server's
 * @param timeout how long one run may take, 1 ms to a day
 * @param heloName the name in HELO ({@code helo_name}), at most 255 characters; keepalived's
 *     default is {@code smtpchecker.keepalived.org}
 * @since 0.1.0
 */
public record SmtpCheck(CheckPath path, Duration timeout, String heloName) implements NetworkCheck {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the time-out is out of range or the name is empty, too long
   *     or has spaces or control characters
   */
  public SmtpCheck {
    Objects.requireNonNull(heloName, "heloName");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(path, "path");
    HealthArgument.time("timeout", timeout);
    HealthArgument.line("HELO name", heloName, 255);
    if (heloName.isEmpty() || heloName.indexOf(' ') >= 0) {
      throw new IllegalArgumentException(
          "HELO name must be a name without spaces, not \"" + heloName + '"');
    }
  }

  @Override
  public String describe() {
    return "SMTP";
  }
}
