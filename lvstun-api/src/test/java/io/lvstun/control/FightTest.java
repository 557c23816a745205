// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FightTest {

  private static final long PERIOD = 1000;
  private final Fight fight = new Fight();

  @Test
  void threeDriftsAreRepairedAtOnceAndTheFourthIsAFight() {
    for (int i = 0; i < 3; i++) {
      assertThat(fight.drifted(i, PERIOD)).isFalse();
      assertThat(fight.waits(i)).isFalse();
    }
    assertThat(fight.drifted(3, PERIOD)).as("told once").isTrue();
    assertThat(fight.drifted(4, PERIOD)).isFalse();
    assertThat(fight.since()).isZero();
    assertThat(fight.drifts()).isEqualTo(5);
  }

  @Test
  void pausesDoubleUpTo32Periods() {
    long now = 0;
    for (int i = 0; i < 3; i++) {
      boolean unused = fight.drifted(now, PERIOD);
    }
    for (long factor : new long[] {2, 4, 8, 16, 32, 32, 32}) {
      boolean unused = fight.drifted(now, PERIOD);
      assertThat(fight.notBefore() - now).isEqualTo(factor * PERIOD);
      assertThat(fight.waits(fight.notBefore() - 1)).isTrue();
      assertThat(fight.waits(fight.notBefore())).isFalse();
      now = fight.notBefore();
    }
  }

  @Test
  void fightEndsAfterTenQuietPeriodsBehindItsLastPause() {
    for (int i = 0; i < 4; i++) {
      boolean unused = fight.drifted(0, PERIOD);
    }
    long end = 2 * PERIOD + 10 * PERIOD;
    assertThat(fight.quiet(end - 1, PERIOD)).isFalse();
    assertThat(fight.quiet(end, PERIOD)).as("its end is told").isTrue();
    assertThat(fight.quiet(end + 1, PERIOD)).as("once").isFalse();
    assertThat(fight.drifts()).isZero();
    assertThat(fight.waits(end)).isFalse();
  }

  @Test
  void fewDriftsAreForgottenWithoutAWord() {
    boolean unused = fight.drifted(5, PERIOD);
    assertThat(fight.quiet(5 + 10 * PERIOD - 1, PERIOD)).isFalse();
    assertThat(fight.drifts()).isEqualTo(1);
    assertThat(fight.quiet(5 + 10 * PERIOD, PERIOD)).isFalse();
    assertThat(fight.drifts()).isZero();
  }

  @Test
  void tableThatNeverDriftedIsNoFight() {
    assertThat(fight.quiet(Long.MAX_VALUE, PERIOD)).isFalse();
    assertThat(fight.waits(Long.MIN_VALUE)).isFalse();
  }
}
