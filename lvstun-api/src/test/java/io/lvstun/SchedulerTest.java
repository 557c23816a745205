// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SchedulerTest {

  @Test
  void constantsHaveTheKernelsNames() {
    assertThat(
            Set.of(
                Scheduler.RR,
                Scheduler.WRR,
                Scheduler.LC,
                Scheduler.WLC,
                Scheduler.LBLC,
                Scheduler.LBLCR,
                Scheduler.DH,
                Scheduler.SH,
                Scheduler.SED,
                Scheduler.NQ,
                Scheduler.FO,
                Scheduler.OVF,
                Scheduler.MH,
                Scheduler.TWOS))
        .extracting(Scheduler::name)
        .containsExactlyInAnyOrder(
            "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh",
            "twos");
  }

  @Test
  void anyOtherIsReachedByName() {
    assertThat(Scheduler.named("rr")).isEqualTo(Scheduler.RR);
    assertThat(Scheduler.named("my-scheduler.15")).hasToString("my-scheduler.15");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sixteen-letters-", "r r", "rr\n", "rr\u0000", "../rr", "rr/", "r\u00e9"})
  void nameIsChecked(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scheduler.named(name))
        .withMessageStartingWith(
            "scheduler must be 1 to 15 printable ASCII characters without spaces or '/', not \"");
  }

  @Test
  void withSetsExactlyTheFlags() {
    Scheduler port = Scheduler.SH.with(SchedulerFlag.SH_PORT);
    assertThat(port.flags()).containsExactly(SchedulerFlag.FLAG_2);
    assertThat(port.with(SchedulerFlag.SH_FALLBACK).flags()).containsExactly(SchedulerFlag.FLAG_1);
    assertThat(port.with()).isEqualTo(Scheduler.SH);
    assertThat(Scheduler.SH.with(SchedulerFlag.SH_PORT, SchedulerFlag.SH_PORT)).isEqualTo(port);
    assertThat(Scheduler.SH.with(SchedulerFlag.FLAG_1, SchedulerFlag.FLAG_2))
        .isEqualTo(Scheduler.SH.with(SchedulerFlag.FLAG_2, SchedulerFlag.FLAG_1));
    assertThatNullPointerException().isThrownBy(() -> Scheduler.SH.with((SchedulerFlag) null));
  }

  @Test
  void flagsAreTheKernelsBits() {
    for (int bits = 0; bits < 64; bits++) {
      Scheduler scheduler = new Scheduler("sh", Scheduler.flagsOf(bits));
      assertThat(scheduler.flagBits()).isEqualTo(bits & 0x38);
    }
    assertThat(Scheduler.flagsOf(-1)).containsExactlyInAnyOrder(SchedulerFlag.values());
    assertThat(Scheduler.flagsOf(0x08)).containsExactly(SchedulerFlag.MH_FALLBACK);
    assertThat(Scheduler.flagsOf(0x10)).containsExactly(SchedulerFlag.MH_PORT);
    assertThat(Scheduler.flagsOf(0x20)).containsExactly(SchedulerFlag.FLAG_3);
    assertThat(Scheduler.flagsOf(0x47)).isEmpty();
  }

  @Test
  void flagsAreImmutable() {
    EnumSet<SchedulerFlag> mutable = EnumSet.of(SchedulerFlag.FLAG_1);
    Scheduler scheduler = new Scheduler("sh", mutable);
    mutable.clear();
    assertThat(scheduler.flags()).containsExactly(SchedulerFlag.FLAG_1).isUnmodifiable();
    assertThat(Scheduler.flagsOf(0x38)).isUnmodifiable();
  }

  @Test
  void toStringNamesTheFlagsAsIpvsadmDoes() {
    assertThat(Scheduler.RR).hasToString("rr");
    assertThat(Scheduler.SH.with(SchedulerFlag.values()))
        .hasToString("sh (sh-fallback,sh-port,flag-3)");
    assertThat(Scheduler.MH.with(SchedulerFlag.MH_PORT)).hasToString("mh (mh-port)");
    assertThat(Scheduler.RR.with(SchedulerFlag.FLAG_2, SchedulerFlag.FLAG_1))
        .hasToString("rr (flag-1,flag-2)");
  }
}
