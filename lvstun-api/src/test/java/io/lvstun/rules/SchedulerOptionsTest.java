// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerOptionsTest {

  private static Scheduler read(String name, String flags) {
    Map<Option, Token> words = new HashMap<>();
    if (!name.isEmpty()) {
      words.put(Option.SCHEDULER, new Token(1, 1, name));
    }
    if (!flags.isEmpty()) {
      words.put(Option.SCHED_FLAGS, new Token(1, 20, flags));
    }
    return SchedulerOptions.read(words);
  }

  @Test
  void defaultIsWlcWithItsFlags() {
    assertThat(read("", "")).isEqualTo(Scheduler.WLC);
    assertThat(read("", "flag-3")).isEqualTo(Scheduler.WLC.with(SchedulerFlag.FLAG_3));
  }

  @Test
  void emptyPartsOfTheFlagsArePassedOver() {
    assertThat(read("sh", ",sh-port,,sh-fallback,sh-port,"))
        .isEqualTo(Scheduler.SH.with(SchedulerFlag.SH_PORT, SchedulerFlag.SH_FALLBACK));
  }

  @ParameterizedTest
  @CsvSource({
    "rr, sh-port, 20",
    "sh, mh-port, 20",
    "mh, 'flag-1,sh-port', 27",
    "sh, ',,', 20",
    "sh, 'flag-1,flag-4', 27",
    "sh, FLAG-1, 20"
  })
  void flagThatDoesNotFitIsNamedWithItsColumn(String name, String flags, int column) {
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> read(name, flags))
        .satisfies(e -> assertThat(e.column()).isEqualTo(column));
  }

  @Test
  void flagsAreNoLongerThanTheProgramReads() {
    String most = ("flag-1," + ",".repeat(120));
    assertThat(most).hasSize(127);
    assertThat(read("sh", most)).isEqualTo(Scheduler.SH.with(SchedulerFlag.FLAG_1));
    assertThatExceptionOfType(RulesSyntaxException.class).isThrownBy(() -> read("sh", most + ","));
  }
}
