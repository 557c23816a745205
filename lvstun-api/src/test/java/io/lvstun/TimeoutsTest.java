// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeoutsTest {

  @Test
  void eachTimeoutIsSetByItself() {
    Timeouts timeouts =
        Timeouts.UNCHANGED
            .udp(Duration.ofSeconds(3))
            .tcp(Duration.ofSeconds(1))
            .tcpFin(Duration.ofSeconds(2));
    assertThat(timeouts)
        .isEqualTo(Timeouts.ofSeconds(1, 2, 3))
        .isEqualTo(
            new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)))
        .hasToString("1 2 3");
    assertThat(Timeouts.UNCHANGED).isEqualTo(Timeouts.ofSeconds(0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0.001S", "PT2147484S", "PT2562047788015215H"})
  void rangeIsChecked(Duration wrong) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Timeouts.UNCHANGED.tcp(wrong))
        .withMessage("tcp timeout must be 0 to 2147483 whole seconds, not " + wrong);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Timeouts.UNCHANGED.tcpFin(wrong))
        .withMessage("tcpfin timeout must be 0 to 2147483 whole seconds, not " + wrong);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Timeouts.UNCHANGED.udp(wrong))
        .withMessage("udp timeout must be 0 to 2147483 whole seconds, not " + wrong);
  }

  @Test
  void longestIsTaken() {
    assertThat(Timeouts.UNCHANGED.tcp(Duration.ofSeconds(2147483)).tcp())
        .isEqualTo(Duration.ofSeconds(2147483));
  }

  @Test
  void readValuesAreCutToTheRange() {
    assertThat(Timeouts.ofSeconds(8589934, -1, Long.MAX_VALUE))
        .isEqualTo(Timeouts.ofSeconds(2147483, 0, 2147483));
  }
}
