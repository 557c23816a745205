// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.Objects;

/**
 * How results of a check become health, and when the check runs: a value for one check of one
 * server.
 *
 * <p>{@link #riseAndFall} is the library's own; {@link #keepalived} behaves as keepalived's
 * checkers do. The tutorial's {@code TCP_CHECK} (every 6 s, 3 retries, 3 s between them) is {@code
 * HealthPolicy.keepalived(ofSeconds(6), 3, ofSeconds(3))}.
 *
 * @param thresholds how many results in a row count
 * @param pace when the check runs
 * @param startsUp whether a server of unknown health is served: false is keepalived's {@code alpha}
 * @param inhibits whether a server that this check takes down stays in the table with weight 0:
 *     keepalived's {@code inhibit_on_failure}
 * @param reportsEachFailure whether failures that change nothing are reported too: keepalived's
 *     {@code log_all_failures}
 * @since 0.1.0
 */
public record HealthPolicy(
    Thresholds thresholds,
    Pace pace,
    boolean startsUp,
    boolean inhibits,
    boolean reportsEachFailure) {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Checks that nothing is missing. */
  public HealthPolicy {
    Objects.requireNonNull(thresholds, "thresholds");
    Objects.requireNonNull(pace, "pace");
  }

  /**
   * Returns the library's default: rise 2, fall 3, every 2 s.
   *
   * @return {@link #riseAndFall} with HAProxy's defaults
   */
  public static HealthPolicy standard() {
    return riseAndFall(2, 3, Duration.ofSeconds(2));
  }

  /**
   * Returns a policy with thresholds in both directions. Runs are spaced from start to start, with
   * a jitter of 5 %, and four times as fast while a change is under way (HAProxy's {@code
   * fastinter}), but not faster than every 200 ms nor slower than the interval. At the start, one
   * result decides. A server of unknown health is served.
   *
   * @param rise passes in a row that bring a server up, 1 to 1000
   * @param fall failures in a row that take it down, 1 to 1000
   * @param interval between two runs, 1 ms to a day
   * @return the policy
   * @throws IllegalArgumentException if a number is out of range
   */
  public static HealthPolicy riseAndFall(int rise, int fall, Duration interval) {
    HealthArgument.time("interval", interval);
    Duration fast = interval.dividedBy(4);
    Duration least = Duration.ofMillis(200);
    if (fast.compareTo(least) < 0) {
      fast = least.compareTo(interval) < 0 ? least : interval;
    }
    return new HealthPolicy(
        new Thresholds(rise, fall, 1, 1),
        new Pace(
            interval,
            fast,
            interval,
            fast,
            Duration.ZERO,
            interval,
            Pace.Spacing.START_TO_START,
            0.05),
        true,
        false,
        false);
  }

  /**
   * Returns keepalived's policy with its defaults: {@code delay_loop} 60 s, one retry after 1 s.
   *
   * @return the policy
   */
  public static HealthPolicy keepalived() {
    return keepalived(Duration.ofSeconds(60), 1, SECOND);
  }

  /**
   * Returns keepalived's policy. A server that is up goes down after {@code retry + 1} failures in
   * a row, and one that has never passed after the first. One pass brings it up. While it is down
   * there are no retries. Delays run from the end of a check to the start of the next. The first
   * check runs after 1 s and a random part of the warm-up, which is {@code delay_loop} long; until
   * then the server is served. Source: keepalived 2.2.7 and 2.4.3, {@code check_tcp.c}, {@code
   * check_data.c}.
   *
   * @param delayLoop {@code delay_loop}: between two checks, 1 ms to a day
   * @param retry {@code retry}: how many failures are forgiven, 0 to 999
   * @param delayBeforeRetry {@code delay_before_retry}, 0 to a day
   * @return the policy
   * @throws IllegalArgumentException if a number is out of range
   */
  public static HealthPolicy keepalived(Duration delayLoop, int retry, Duration delayBeforeRetry) {
    Objects.requireNonNull(delayBeforeRetry, "delayBeforeRetry");
    Objects.requireNonNull(delayLoop, "delayLoop");
    HealthArgument.of("retry", retry, 0, 999);
    return new HealthPolicy(
        new Thresholds(1, retry + 1, 1, 1),
        new Pace(
            delayLoop,
            delayBeforeRetry,
            delayLoop,
            delayLoop,
            SECOND,
            delayLoop,
            Pace.Spacing.END_TO_START,
            0),
        true,
        false,
        false);
  }

  /**
   * Returns keepalived's policy for {@code HTTP_GET} and {@code SSL_GET}: one URL a loop, so that
   * all of them must pass in a row before a server comes up, and a wait of the longer of both
   * delays after the failure that takes it down. Source: keepalived, {@code check_http.c}.
   *
   * @param urls how many URLs the check has, 1 to 1000
   * @param delayLoop {@code delay_loop}, 1 ms to a day
   * @param retry {@code retry}, 0 to 999
   * @param delayBeforeRetry {@code delay_before_retry}, 0 to a day
   * @param fastRecovery {@code fast_recovery}: no delay between the URLs of a server that comes up
   * @return the policy
   * @throws IllegalArgumentException if a number is out of range
   */
  public static HealthPolicy keepalivedHttp(
      int urls, Duration delayLoop, int retry, Duration delayBeforeRetry, boolean fastRecovery) {
    Objects.requireNonNull(delayBeforeRetry, "delayBeforeRetry");
    Objects.requireNonNull(delayLoop, "delayLoop");
    HealthPolicy base = keepalived(delayLoop, retry, delayBeforeRetry);
    Duration down = delayBeforeRetry.compareTo(delayLoop) > 0 ? delayBeforeRetry : delayLoop;
    return new HealthPolicy(
        new Thresholds(urls, retry + 1, 1, 1),
        new Pace(
            delayLoop,
            delayBeforeRetry,
            down,
            fastRecovery ? Duration.ZERO : delayLoop,
            base.pace.firstDelay(),
            base.pace.warmup(),
            Pace.Spacing.END_TO_START,
            0),
        true,
        false,
        false);
  }

  /**
   * Returns keepalived's policy for {@code MISC_CHECK}: as {@link #keepalived}, with delays from
   * start to start. Source: keepalived, {@code check_misc.c}.
   *
   * @param delayLoop {@code delay_loop}, 1 ms to a day
   * @param retry {@code retry}, 0 to 999; keepalived's default for this checker is 0
   * @param delayBeforeRetry {@code delay_before_retry}, 0 to a day
   * @return the policy
   * @throws IllegalArgumentException if a number is out of range
   */
  public static HealthPolicy keepalivedMisc(
      Duration delayLoop, int retry, Duration delayBeforeRetry) {
    Objects.requireNonNull(delayBeforeRetry, "delayBeforeRetry");
    Objects.requireNonNull(delayLoop, "delayLoop");
    return keepalived(delayLoop, retry, delayBeforeRetry).spacing(Pace.Spacing.START_TO_START);
  }

  /**
   * Returns a copy that waits at random before the first run.
   *
   * @param warmup at most how long, 0 to a day
   * @return a copy
   */
  public HealthPolicy warmup(Duration warmup) {
    return pace(
        new Pace(
            pace.interval(),
            pace.falling(),
            pace.down(),
            pace.rising(),
            pace.firstDelay(),
            warmup,
            pace.spacing(),
            pace.jitter()));
  }

  /**
   * Returns a copy with other spacing.
   *
   * @param spacing from where to where delays are measured
   * @return a copy
   */
  public HealthPolicy spacing(Pace.Spacing spacing) {
    return pace(
        new Pace(
            pace.interval(),
            pace.falling(),
            pace.down(),
            pace.rising(),
            pace.firstDelay(),
            pace.warmup(),
            spacing,
            pace.jitter()));
  }

  /**
   * Returns a copy with other jitter.
   *
   * @param jitter share of each delay, 0 to 0.5
   * @return a copy
   */
  public HealthPolicy jitter(double jitter) {
    return pace(
        new Pace(
            pace.interval(),
            pace.falling(),
            pace.down(),
            pace.rising(),
            pace.firstDelay(),
            pace.warmup(),
            pace.spacing(),
            jitter));
  }

  /**
   * Returns a copy with another pace.
   *
   * @param pace when the check runs
   * @return a copy
   */
  public HealthPolicy pace(Pace pace) {
    return new HealthPolicy(thresholds, pace, startsUp, inhibits, reportsEachFailure);
  }

  /**
   * Returns a copy with other thresholds.
   *
   * @param thresholds how many results in a row count
   * @return a copy
   */
  public HealthPolicy thresholds(Thresholds thresholds) {
    return new HealthPolicy(thresholds, pace, startsUp, inhibits, reportsEachFailure);
  }

  /**
   * Returns a copy that serves nobody before the server has passed: keepalived's {@code alpha}. As
   * many passes are needed as after a failure.
   *
   * @return a copy
   */
  public HealthPolicy alpha() {
    return new HealthPolicy(
        new Thresholds(
            thresholds.rise(), thresholds.fall(), thresholds.rise(), thresholds.fallAtStart()),
        pace,
        false,
        inhibits,
        reportsEachFailure);
  }

  /**
   * Returns a copy that leaves failed servers in the table, with weight 0: keepalived's {@code
   * inhibit_on_failure}.
   *
   * @return a copy
   */
  public HealthPolicy inhibitOnFailure() {
    return new HealthPolicy(thresholds, pace, startsUp, true, reportsEachFailure);
  }

  /**
   * Returns a copy that reports failures that change nothing, too.
   *
   * @return a copy
   */
  public HealthPolicy reportEachFailure() {
    return new HealthPolicy(thresholds, pace, startsUp, inhibits, true);
  }
}
