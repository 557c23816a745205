// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  private static final Duration LONG = Duration.ofDays(2);

  @Test
  void noTimeIsOverAtOnceAndALongTimeIsNot() {
    Deadline now = Deadline.in(Duration.ZERO);
    assertThat(now.passed()).isTrue();
    assertThat(now.remainingMillis()).isZero();
    Deadline later = Deadline.in(LONG);
    assertThat(later.passed()).isFalse();
    assertThat(later.remainingMillis())
        .isBetween((int) Duration.ofDays(1).toMillis(), (int) LONG.toMillis());
  }

  @Test
  void lessThanAMillisecondIsNotTakenForNone() {
    Deadline deadline = Deadline.in(LONG.plusNanos(1));
    // The first look starts the clock: what is left then is all of it, rounded up.
    assertThat(deadline.remainingMillis()).isEqualTo((int) LONG.toMillis() + 1);
  }

  @Test
  void theEarlierOfTwoCounts() {
    Deadline later = Deadline.in(LONG);
    assertThat(later.orIn(LONG.plusDays(1))).isSameAs(later);
    assertThat(later.orIn(Duration.ZERO).passed()).isTrue();
    assertThat(later.passed()).isFalse();
    assertThat(Deadline.in(Duration.ZERO).orIn(LONG).passed()).isTrue();
  }

  @Test
  void whatIsLeftIsAtMostWhatPollCanWait() {
    assertThat(Deadline.in(Duration.ofDays(1000)).remainingMillis()).isEqualTo(Integer.MAX_VALUE);
  }
}
