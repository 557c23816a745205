// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When checks are made. What is empty is inherited: a check takes it from its real server, that
 * from its virtual server, and that has keepalived's default.
 *
 * <p>Immutable. Source of the defaults: {@code keepalived.conf(5)}.
 *
 * @param connectTimeout how long an answer may take, more than 0 and up to 4294 s; by default 5 s
 * @param retry how many further failures take a server down, from 0; by default 1, for DNS 3, for
 *     commands 0
 * @param delayBeforeRetry what is waited after a failure, from 0; by default 1 s, for HTTP 3 s, for
 *     DNS the loop's delay
 * @param warmup the longest random delay of the first check, from 0; by default the loop's delay
 * @param delayLoop what is waited between checks, more than 0; by default 60 s
 * @param alpha whether a server is down until a check has passed; by default false
 * @since 0.1.0
 */
public record CheckTimers(
    Optional<Duration> connectTimeout,
    Optional<Integer> retry,
    Optional<Duration> delayBeforeRetry,
    Optional<Duration> warmup,
    Optional<Duration> delayLoop,
    Optional<Boolean> alpha) {

  /** Nothing is set: everything is inherited. */
  public static final CheckTimers INHERITED =
      new CheckTimers(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private static final Duration LONGEST = Duration.ofSeconds(4294);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public CheckTimers {
    Objects.requireNonNull(alpha, "alpha");
    connectTimeout.ifPresent(value -> Checked.duration("connect_timeout", value, false, LONGEST));
    retry.ifPresent(value -> Checked.range("retry", value, 0, Integer.MAX_VALUE));
    delayBeforeRetry.ifPresent(
        value -> Checked.duration("delay_before_retry", value, true, LONGEST));
    warmup.ifPresent(value -> Checked.duration("warmup", value, true, LONGEST));
    delayLoop.ifPresent(value -> Checked.duration("delay_loop", value, false, LONGEST));
  }

  /**
   * Returns these timers, with another's for those that are not set.
   *
   * @param enclosing what is inherited
   * @return a copy
   */
  public CheckTimers inherit(CheckTimers enclosing) {
    Objects.requireNonNull(enclosing, "enclosing");
    return new CheckTimers(
        connectTimeout.or(enclosing::connectTimeout),
        retry.or(enclosing::retry),
        delayBeforeRetry.or(enclosing::delayBeforeRetry),
        warmup.or(enclosing::warmup),
        delayLoop.or(enclosing::delayLoop),
        alpha.or(enclosing::alpha));
  }

  /**
   * Returns a copy with another time-out.
   *
   * @param connectTimeout more than 0 and up to 4294 s
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CheckTimers connectTimeout(Duration connectTimeout) {
    Objects.requireNonNull(connectTimeout, "connectTimeout");
    return new CheckTimers(
        Optional.of(connectTimeout), retry, delayBeforeRetry, warmup, delayLoop, alpha);
  }

  /**
   * Returns a copy with another number of retries.
   *
   * @param retry how many further failures take a server down, from 0
   * @return a copy
   * @throws IllegalArgumentException if it is negative
   */
  public CheckTimers retry(int retry) {
    return new CheckTimers(
        connectTimeout, Optional.of(retry), delayBeforeRetry, warmup, delayLoop, alpha);
  }

  /**
   * Returns a copy with another delay before a retry.
   *
   * @param delayBeforeRetry what is waited after a failure, from 0
   * @return a copy
   * @throws IllegalArgumentException if it is negative
   */
  public CheckTimers delayBeforeRetry(Duration delayBeforeRetry) {
    Objects.requireNonNull(delayBeforeRetry, "delayBeforeRetry");
    return new CheckTimers(
        connectTimeout, retry, Optional.of(delayBeforeRetry), warmup, delayLoop, alpha);
  }

  /**
   * Returns a copy with another warm-up.
   *
   * @param warmup the longest random delay of the first check; 0 for none
   * @return a copy
   * @throws IllegalArgumentException if it is negative
   */
  public CheckTimers warmup(Duration warmup) {
    Objects.requireNonNull(warmup, "warmup");
    return new CheckTimers(
        connectTimeout, retry, delayBeforeRetry, Optional.of(warmup), delayLoop, alpha);
  }

  /**
   * Returns a copy with another delay between checks.
   *
   * @param delayLoop what is waited between checks, more than 0
   * @return a copy
   * @throws IllegalArgumentException if it is not positive
   */
  public CheckTimers delayLoop(Duration delayLoop) {
    Objects.requireNonNull(delayLoop, "delayLoop");
    return new CheckTimers(
        connectTimeout, retry, delayBeforeRetry, warmup, Optional.of(delayLoop), alpha);
  }

  /**
   * Returns a copy with another initial state.
   *
   * @param alpha true for a server that is down until a check has passed
   * @return a copy
   */
  public CheckTimers alpha(boolean alpha) {
    return new CheckTimers(
        connectTimeout, retry, delayBeforeRetry, warmup, delayLoop, Optional.of(alpha));
  }
}
