// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Several checks that count as one. They run at the same time.
 *
 * @param mode whether all or one must pass
 * @param checks the checks, 1 to 100
 * @since 0.1.0
 */
public record CombinedCheck(Mode mode, List<HealthCheck> checks) implements HealthCheck {

  /**
   * How results are combined. A check that could not be made here decides nothing, unless the
   * others decide without it.
   *
   * @since 0.1.0
   */
  public enum Mode {
    /** All must pass. */
    ALL,
    /** One must pass. */
    ANY
  }

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if there is no check, or too many
   */
  public CombinedCheck {
    Objects.requireNonNull(checks, "checks");
    Objects.requireNonNull(mode, "mode");
    checks = List.copyOf(checks);
    HealthArgument.of("number of checks", checks.size(), 1, 100);
  }

  /**
   * Returns a check that passes if all pass.
   *
   * @param checks the checks
   * @return the check
   */
  public static CombinedCheck all(HealthCheck... checks) {
    Objects.requireNonNull(checks, "checks");
    return new CombinedCheck(Mode.ALL, List.of(checks));
  }

  /**
   * Returns a check that passes if one passes.
   *
   * @param checks the checks
   * @return the check
   */
  public static CombinedCheck any(HealthCheck... checks) {
    Objects.requireNonNull(checks, "checks");
    return new CombinedCheck(Mode.ANY, List.of(checks));
  }

  /** Returns the longest time-out of its checks. */
  @Override
  public Duration timeout() {
    return checks.stream().map(HealthCheck::timeout).max(Duration::compareTo).orElseThrow();
  }

  /**
   * Combines results.
   *
   * @param results one for each check, in their order
   * @param took how long it took together
   * @return the result; its weight shift is the first one given
   * @throws IllegalArgumentException if the number of results is another
   */
  public CheckResult combine(List<CheckResult> results, Duration took) {
    if (results.size() != checks.size()) {
      throw new IllegalArgumentException(
          "results must be " + checks.size() + ", not " + results.size());
    }
    CheckResult.Outcome decisive =
        mode == Mode.ALL ? CheckResult.Outcome.FAILED : CheckResult.Outcome.PASSED;
    CheckResult chosen = results.get(0);
    boolean decided = false;
    boolean open = false;
    for (CheckResult each : results) {
      if (!decided && each.outcome() == decisive) {
        chosen = each;
        decided = true;
      } else if (!decided && !open && each.outcome() == CheckResult.Outcome.UNDECIDED) {
        chosen = each;
        open = true;
      }
    }
    return new CheckResult(
        chosen.outcome(),
        chosen.cause(),
        chosen.detail(),
        took,
        results.stream().flatMap(each -> each.shift().stream()).findFirst());
  }

  @Override
  public String describe() {
    return checks.stream()
        .map(HealthCheck::describe)
        .collect(Collectors.joining(mode == Mode.ALL ? " and " : " or "));
  }
}
