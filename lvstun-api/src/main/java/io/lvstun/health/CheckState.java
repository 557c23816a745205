// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The state of one server according to one check, and when the check runs next. Immutable: {@link
 * #after} returns the next state. A pure function of its arguments, the random parts included,
 * which come from the seed.
 *
 * <p>All times must come from the same monotonic clock.
 *
 * @param health what the results say so far
 * @param since when the health became that
 * @param passes passes in a row up to now
 * @param failures failures in a row up to now
 * @param due when the check runs next
 * @param last the last result; empty before the first
 * @param shift what the last pass did to the weight; empty if nothing
 * @param seed where the next random numbers come from
 * @since 0.1.0
 */
public record CheckState(
    Health health,
    Instant since,
    int passes,
    int failures,
    Instant due,
    Optional<CheckResult> last,
    Optional<WeightShift> shift,
    long seed) {

  private static final int MOST_COUNTED = 1_000_000;

  /** Checks that nothing is missing. */
  public CheckState {
    Objects.requireNonNull(health, "health");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(due, "due");
    Objects.requireNonNull(last, "last");
    Objects.requireNonNull(shift, "shift");
  }

  /**
   * A state and what led to it.
   *
   * @param state the state
   * @param transition the change of health; empty if there was none
   * @since 0.1.0
   */
  public record Step(CheckState state, Optional<Transition> transition) {
    /** Checks that nothing is missing. */
    public Step {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(transition, "transition");
    }
  }

  /**
   * A change of health.
   *
   * @param at when
   * @param from the health before
   * @param to the health after
   * @param reason why, for people: {@code failed 3 times in a row: connection refused}
   * @param evidence the result that decided
   * @since 0.1.0
   */
  public record Transition(
      Instant at, Health from, Health to, String reason, CheckResult evidence) {
    /** Checks that nothing is missing. */
    public Transition {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(evidence, "evidence");
    }
  }

  /**
   * Returns the state of a check that has not run yet.
   *
   * @param policy how results count, and when it runs
   * @param now the present time
   * @param seed any number; checks with different seeds do not run in step
   * @return the state, with health unknown
   */
  public static CheckState start(HealthPolicy policy, Instant now, long seed) {
    long mixed = mix(seed);
    Pace pace = policy.pace();
    Duration warmup = Duration.ofNanos((long) (pace.warmup().toNanos() * unit(mixed)));
    return new CheckState(
        Health.UNKNOWN,
        now,
        0,
        0,
        now.plus(pace.firstDelay()).plus(warmup),
        Optional.empty(),
        Optional.empty(),
        mixed);
  }

  /**
   * Returns the state of a check whose server's health is known from elsewhere: a table that was
   * found, or a saved state.
   *
   * @param health the health
   * @return a copy
   */
  public CheckState adopt(Health health) {
    return new CheckState(health, since, 0, 0, due, last, shift, seed);
  }

  /**
   * Returns the state after a run of the check.
   *
   * @param policy how results count, and when it runs
   * @param started when the run was to start
   * @param ended when it ended, not before it started
   * @param result how it ended
   * @return the next state, and the change of health if there is one
   */
  public Step after(HealthPolicy policy, Instant started, Instant ended, CheckResult result) {
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(ended, "ended");
    Thresholds thresholds = policy.thresholds();
    int passed = passes;
    int failed = failures;
    Health next = health;
    Optional<WeightShift> shifted = shift;
    switch (result.outcome()) {
      case PASSED -> {
        passed = Math.min(passed + 1, MOST_COUNTED);
        failed = 0;
        shifted = result.shift();
        int needed = health == Health.UNKNOWN ? thresholds.riseAtStart() : thresholds.rise();
        next = passed >= needed ? Health.UP : health;
      }
      case FAILED -> {
        failed = Math.min(failed + 1, MOST_COUNTED);
        passed = 0;
        int needed = health == Health.UNKNOWN ? thresholds.fallAtStart() : thresholds.fall();
        next = failed >= needed ? Health.DOWN : health;
      }
      case UNDECIDED -> {}
    }
    long mixed = mix(seed);
    Instant due = due(policy.pace(), next, passed, failed, started, ended, mixed);
    Optional<Transition> transition =
        next == health
            ? Optional.empty()
            : Optional.of(
                new Transition(
                    ended, health, next, reason(result, Math.max(passed, failed)), result));
    return new Step(
        new CheckState(
            next,
            next == health ? since : ended,
            passed,
            failed,
            due,
            Optional.of(result),
            shifted,
            mixed),
        transition);
  }

  private static String reason(CheckResult result, int times) {
    return (result.passed() ? "passed " : "failed ")
        + (times == 1 ? "once" : times + " times in a row")
        + (result.detail().isEmpty() ? "" : ": " + result.detail());
  }

  private static Instant due(
      Pace pace,
      Health health,
      int passes,
      int failures,
      Instant started,
      Instant ended,
      long random) {
    Duration delay =
        switch (health) {
          case DOWN -> passes > 0 ? pace.rising() : pace.down();
          case UP -> failures > 0 ? pace.falling() : pace.interval();
          case UNKNOWN ->
              failures > 0 ? pace.falling() : passes > 0 ? pace.rising() : pace.interval();
        };
    if (pace.jitter() > 0) {
      double factor = 1 + pace.jitter() * (2 * unit(random) - 1);
      delay = Duration.ofNanos((long) (delay.toNanos() * factor));
    }
    if (pace.spacing() == Pace.Spacing.END_TO_START) {
      return ended.plus(delay);
    }
    Instant next = started.plus(delay);
    return next.isBefore(ended) ? ended : next;
  }

  /** One step of SplitMix64, whose outputs are uniform. */
  private static long mix(long seed) {
    long z = seed + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static double unit(long random) {
    return (random >>> 11) * 0x1.0p-53;
  }
}
