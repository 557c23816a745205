// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The controller in thousands of random hours: none of its rules is ever broken, and each rule,
 * when it is switched off, is seen to be broken. {@code -Dlvstun.seed} sets the first seed, {@code
 * -Dlvstun.histories} how many there are.
 */
final class SimulationTest {

  private static final Set<SafetyRule> ALL = EnumSet.allOf(SafetyRule.class);
  private static final int HISTORIES = Integer.getInteger("lvstun.histories", 10_000);
  private static final int UNTIL_FOUND = 4000;

  /** The same in each build: what a new seed finds is a search's business, not chance's. */
  private final long first = Long.getLong("lvstun.seed", 1);

  @Test
  void noHistoryBreaksARule() {
    AtomicLong played = new AtomicLong();
    IntStream.range(0, HISTORIES)
        .parallel()
        .forEach(
            i -> {
              Simulation.run(first + i, ALL);
              played.incrementAndGet();
            });
    assertThat(played).as("hours from seed %d", first).hasValue(HISTORIES);
  }

  /** Histories that broke a rule once. */
  @ParameterizedTest
  @ValueSource(longs = {2198, 2625, 8_655_324_195_616L, 19_748_334_741_315_925L})
  void foundHistoriesBreakNoRuleAnyMore(long seed) {
    Simulation.run(seed, ALL);
  }

  @ParameterizedTest
  @EnumSource
  void eachRuleIsMissedWhenItIsSwitchedOff(SafetyRule rule) {
    Set<SafetyRule> others = EnumSet.complementOf(EnumSet.of(rule));
    for (int i = 0; i < UNTIL_FOUND; i++) {
      try {
        new Simulation(first + i, others, false).play();
      } catch (AssertionError found) {
        new Simulation(first + i, ALL, false).play(); // it is the rule that was missing
        return;
      }
    }
    fail("nobody missed %s in %d hours from seed %d", rule, UNTIL_FOUND, first);
  }
}
