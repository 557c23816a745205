// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlowStartTest {

  @Test
  void haproxysGrowsInSixteenSteps() {
    SlowStart slow = SlowStart.haproxy(Duration.ofSeconds(16));
    assertThat(slow.weight(160, Duration.ZERO)).isEqualTo(10);
    assertThat(slow.weight(160, Duration.ofMillis(900))).isEqualTo(10);
    assertThat(slow.weight(160, Duration.ofSeconds(1))).isEqualTo(20);
    assertThat(slow.weight(160, Duration.ofSeconds(8))).isEqualTo(90);
    assertThat(slow.weight(160, Duration.ofSeconds(16))).isEqualTo(160);
  }

  @Test
  void envoysStartsAtATenth() {
    SlowStart slow = SlowStart.envoy(Duration.ofSeconds(100));
    assertThat(slow.weight(1000, Duration.ZERO)).isEqualTo(100);
    assertThat(slow.weight(1000, Duration.ofSeconds(50))).isEqualTo(500);
    SlowStart aggressive = new SlowStart(SlowStart.Form.ENVOY, Duration.ofSeconds(100), 2, 0.1);
    assertThat(aggressive.weight(1000, Duration.ofSeconds(25))).isEqualTo(500);
  }

  @Test
  void neverDrainsAndNeverExceeds() {
    for (SlowStart slow :
        new SlowStart[] {
          SlowStart.haproxy(Duration.ofSeconds(30)), SlowStart.envoy(Duration.ofSeconds(30))
        }) {
      int before = 0;
      for (int second = 0; second <= 40; second++) {
        int weight = slow.weight(7, Duration.ofSeconds(second));
        assertThat(weight).isBetween(Math.max(1, before), 7);
        before = weight;
      }
      assertThat(slow.weight(0, Duration.ZERO)).isZero();
      assertThat(slow.weight(1, Duration.ZERO)).isEqualTo(1);
    }
  }

  @Test
  void isLookedAtTwentyTimesButNotMoreThanOnceASecond() {
    assertThat(SlowStart.haproxy(Duration.ofMinutes(1)).period()).isEqualTo(Duration.ofSeconds(3));
    assertThat(SlowStart.haproxy(Duration.ofSeconds(5)).period()).isEqualTo(Duration.ofSeconds(1));
  }
}
