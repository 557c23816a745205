// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunHeaderTest {

  @Test
  void whatWasWrittenIsReadBack() {
    RunHeader header = RunHeader.now("prepare real-server");
    assertThat(header.id()).matches(RunHeader.ID);
    assertThat(RunHeader.parse(header.write())).isEqualTo(header);
    assertThat(header.write()).endsWith("\n").hasLineCount(1);
  }

  @Test
  void numbersOfRunsAtTheSameMomentDiffer() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      ids.add(RunHeader.now("fix").id());
    }
    assertThat(ids).hasSizeGreaterThan(15);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{\"id\":\"../../etc\",\"at\":\"2026-01-01T00:00:00Z\"}",
        "{\"id\":\"20260101-000000-0000\"}",
        "{\"id\":\"20260101-000000-0000\",\"at\":\"yesterday\"}",
        "{\"id\":\"20260101-000000-0000 \",\"at\":\"2026-01-01T00:00:00Z\"}"
      })
  void damagedHeaderIsRefused(String text) {
    assertThatThrownBy(() -> RunHeader.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wordsOfAHostileJournalSteerNothing() {
    RunHeader header =
        RunHeader.parse(
            "{\"id\":\"20260101-000000-0000\",\"what\":\"\\u001b[2Jfix\","
                + "\"at\":\"2026-01-01T00:00:00Z\"}");
    assertThat(header.what()).isEqualTo("?[2Jfix");
  }
}
