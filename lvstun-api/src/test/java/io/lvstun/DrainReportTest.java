// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DrainReportTest {

  private static final ServerKey SERVER = ServerKey.of("2001:db8::1", 80);

  @Test
  void serverIsDrainedWhenNoConnectionIsLeft() {
    assertThat(new DrainReport(SERVER, 0, Duration.ofMinutes(2)).drained()).isTrue();
    assertThat(new DrainReport(SERVER, 1, Duration.ZERO).drained()).isFalse();
  }

  @Test
  void partsOfASecondAreCutOff() {
    assertThat(new DrainReport(SERVER, 4_294_967_295L, Duration.ofMillis(1999)))
        .hasToString("[2001:db8::1]:80: 4294967295 active connections after 1 s");
  }
}
