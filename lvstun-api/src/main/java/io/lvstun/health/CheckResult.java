// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import io.lvstun.ForeignText;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of one run of a check.
 *
 * @param outcome passed, failed, or undecided
 * @param cause what kind of failure it was; {@link Cause#NONE} unless it failed
 * @param detail evidence in a sentence: {@code HTTP 503}, {@code connection refused}. At most 500
 *     characters, without control characters
 * @param took how long the run took, at most what its time-out allows
 * @param shift what a passed check does to the weight; empty for most
 * @since 0.1.0
 */
public record CheckResult(
    Outcome outcome, Cause cause, String detail, Duration took, Optional<WeightShift> shift) {

  private static final int LONGEST_DETAIL = 500;

  /**
   * Whether the server passed.
   *
   * @since 0.1.0
   */
  public enum Outcome {
    /** The server answered as it should. */
    PASSED,
    /** The server did not. */
    FAILED,
    /** The check could not be made here, which says nothing about the server. */
    UNDECIDED
  }

  /**
   * Why a check failed.
   *
   * @since 0.1.0
   */
  public enum Cause {
    /** It did not fail. */
    NONE,
    /** The server refuses the connection: nothing listens on the port. */
    REFUSED,
    /** No answer within the time-out. */
    TIMED_OUT,
    /** The connection was reset or closed before the answer was complete. */
    CLOSED,
    /** A router or this host reports that the server cannot be reached. */
    UNREACHABLE,
    /** An answer came, and it is not the expected one. */
    WRONG_ANSWER,
    /** What came does not follow the protocol, or exceeds the bound. */
    MALFORMED,
    /** The TLS handshake failed, or the certificate is not accepted. */
    TLS,
    /** The command, file or function reports a failure. */
    REPORTED
  }

  /** Shortens the detail and replaces control characters in it. */
  public CheckResult {
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(shift, "shift");
    detail = ForeignText.excerpt(detail, LONGEST_DETAIL - 1);
    if (took.isNegative()) {
      throw new IllegalArgumentException("took must not be negative, not " + took);
    }
    if ((outcome == Outcome.FAILED) == (cause == Cause.NONE)) {
      throw new IllegalArgumentException("a failure needs a cause, and nothing else has one");
    }
  }

  /**
   * Returns a passed result.
   *
   * @param detail evidence
   * @param took how long it took
   * @return the result
   */
  public static CheckResult passed(String detail, Duration took) {
    return new CheckResult(Outcome.PASSED, Cause.NONE, detail, took, Optional.empty());
  }

  /**
   * Returns a failed result.
   *
   * @param cause why, not {@link Cause#NONE}
   * @param detail evidence
   * @param took how long it took
   * @return the result
   * @throws IllegalArgumentException if the cause is {@link Cause#NONE}
   */
  public static CheckResult failed(Cause cause, String detail, Duration took) {
    return new CheckResult(Outcome.FAILED, cause, detail, took, Optional.empty());
  }

  /**
   * Returns an undecided result: the check could not be made here.
   *
   * @param detail why
   * @param took how long it took
   * @return the result
   */
  public static CheckResult undecided(String detail, Duration took) {
    return new CheckResult(Outcome.UNDECIDED, Cause.NONE, detail, took, Optional.empty());
  }

  /**
   * Returns a copy that shifts the weight.
   *
   * @param shift what it does to the weight
   * @return a copy
   */
  public CheckResult shift(WeightShift shift) {
    Objects.requireNonNull(shift, "shift");
    return new CheckResult(outcome, cause, detail, took, Optional.of(shift));
  }

  /**
   * Returns whether the check passed.
   *
   * @return whether it did
   */
  public boolean passed() {
    return outcome == Outcome.PASSED;
  }

  @Override
  public String toString() {
    String kind = outcome.name().toLowerCase(java.util.Locale.ROOT);
    return kind
        + (detail.isEmpty() ? "" : ": " + detail)
        + shift.map(each -> " (" + each + ")").orElse("");
  }
}
