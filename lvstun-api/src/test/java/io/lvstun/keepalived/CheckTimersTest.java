// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTimersTest {

  @Test
  void nearerTimersWin() {
    CheckTimers outer = CheckTimers.INHERITED.retry(9).alpha(true).delayLoop(Duration.ofSeconds(6));
    CheckTimers inner = CheckTimers.INHERITED.retry(2).alpha(false).warmup(Duration.ZERO);
    assertThat(inner.inherit(outer)).isEqualTo(inner.delayLoop(Duration.ofSeconds(6)));
    assertThat(inner.inherit(CheckTimers.INHERITED)).isEqualTo(inner);
    assertThat(CheckTimers.INHERITED.inherit(outer)).isEqualTo(outer);
  }

  @Test
  void whichTimersMayBeZero() {
    CheckTimers none = CheckTimers.INHERITED;
    assertThat(none.retry(0).warmup(Duration.ZERO).delayBeforeRetry(Duration.ZERO).retry())
        .contains(0);
    assertThatThrownBy(() -> none.connectTimeout(Duration.ZERO))
        .hasMessage(
            "connect_timeout must be 1 microsecond to 4294 seconds in whole microseconds, not"
                + " PT0S");
    assertThatThrownBy(() -> none.delayLoop(Duration.ZERO)).hasMessageContaining("delay_loop");
    assertThatThrownBy(() -> none.retry(-1)).hasMessage("retry must be 0 to 2147483647, not -1");
  }

  @Test
  void durationsAreWholeMicrosecondsUpToALimit() {
    CheckTimers none = CheckTimers.INHERITED;
    assertThat(none.delayLoop(Duration.ofSeconds(4294)).delayLoop()).isPresent();
    for (Duration bad :
        List.of(
            Duration.ofSeconds(4294).plusNanos(1000),
            Duration.ofNanos(1001),
            Duration.ofSeconds(-1),
            Duration.ofSeconds(Long.MAX_VALUE))) {
      assertThatThrownBy(() -> none.warmup(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("not " + bad);
    }
  }
}
