// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A UDP datagram: keepalived's {@code UDP_CHECK}. Without a required reply it passes unless an ICMP
 * error comes within the time-out, so that a run takes the whole time-out; silence is no failure.
 *
 * @param path how its packets reach the server
 * @param timeout how long one run may take, 1 ms to a day
 * @param payload what is sent, without wildcards; empty for random bytes ({@code payload})
 * @param replyRequired whether a reply must come ({@code require_reply})
 * @param expected what the reply begins with; empty for anything
 * @param minLength shortest reply, 0 to 65507 ({@code min_reply_length})
 * @param maxLength longest reply, the shortest to 65507; keepalived's default is 255 ({@code
 *     max_reply_length})
 * @since 0.1.0
 */
public record UdpCheck(
    CheckPath path,
    Duration timeout,
    Optional<HexPattern> payload,
    boolean replyRequired,
    Optional<HexPattern> expected,
    int minLength,
    int maxLength)
    implements NetworkCheck {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of range, the payload has wildcards, or a
   *     reply is expected and not required
   */
  public UdpCheck {
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(path, "path");
    HealthArgument.time("timeout", timeout);
    HealthArgument.of("min length", minLength, 0, 65507);
    HealthArgument.of("max length", maxLength, minLength, 65507);
    if (payload.isPresent() && payload.get().hasWildcards()) {
      throw new IllegalArgumentException("payload must have no wildcards, not " + payload.get());
    }
    if (expected.isPresent() && !replyRequired) {
      throw new IllegalArgumentException("an expected reply needs replyRequired");
    }
  }

  /**
   * Returns a check that sends bytes and wants a reply that begins with a pattern.
   *
   * @param path how its packets reach the server
   * @param timeout how long one run may take
   * @param payload what is sent, as {@link HexPattern#parse} reads it
   * @param expected what the reply begins with, as {@link HexPattern#parse} reads it
   * @return the check
   */
  public static UdpCheck of(CheckPath path, Duration timeout, String payload, String expected) {
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(payload, "payload");
    return new UdpCheck(
        path,
        timeout,
        Optional.of(HexPattern.parse(payload)),
        true,
        Optional.of(HexPattern.parse(expected)),
        0,
        65507);
  }

  @Override
  public String describe() {
    return "UDP";
  }
}
