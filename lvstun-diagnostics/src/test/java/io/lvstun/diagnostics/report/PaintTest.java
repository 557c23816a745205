// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.model.Verdict;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PaintTest {

  private static final TextStyle COLOUR = new TextStyle(true, Detail.USUAL, false);

  @Test
  void textIsPaintedOnlyWhereColourIsWanted() {
    for (Paint paint : Paint.values()) {
      assertThat(paint.on(TextStyle.PLAIN, "x")).isEqualTo("x");
      assertThat(paint.on(COLOUR, "x")).startsWith("\u001b[").endsWith("mx\u001b[0m");
    }
  }

  @Test
  void everyStatusHasAColourOfItsOwnAndVerdictsHaveThatOfTheirStatus() {
    Set<Paint> paints = new HashSet<>();
    for (Status status : Status.values()) {
      assertThat(paints.add(Paint.of(status))).as(status.name()).isTrue();
    }
    for (Verdict verdict : Verdict.values()) {
      assertThat(Paint.of(verdict)).isEqualTo(Paint.of(Status.valueOf(verdict.name())));
    }
  }
}
