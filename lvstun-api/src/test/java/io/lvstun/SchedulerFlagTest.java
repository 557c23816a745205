// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SchedulerFlagTest {

  @Test
  void bitsAreTheKernelsAndDoNotOverlap() {
    assertThat(Arrays.stream(SchedulerFlag.values()).map(SchedulerFlag::bit))
        .containsExactly(0x08, 0x10, 0x20);
  }

  @Test
  void flagsOfShAndMhAreTheSameBitsUnderOtherNames() {
    assertThat(SchedulerFlag.SH_FALLBACK).isSameAs(SchedulerFlag.MH_FALLBACK);
    assertThat(SchedulerFlag.SH_PORT).isSameAs(SchedulerFlag.MH_PORT);
    assertThat(Scheduler.SH.with(SchedulerFlag.SH_PORT))
        .isEqualTo(Scheduler.SH.with(SchedulerFlag.FLAG_2));
  }
}
