// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkAllocatorTest {

  @Test
  void anOwnerKeepsItsMark() {
    MarkAllocator marks = MarkAllocator.of(0x1000, 16);
    long asia = marks.allocate("pool/asia");
    long check = marks.allocate("check/rs1");
    assertThat(asia).isEqualTo(0x1000);
    assertThat(check).isEqualTo(0x1001);
    assertThat(marks.allocate("pool/asia")).isEqualTo(asia);
    assertThat(marks.allocated())
        .containsExactly(
            java.util.Map.entry("pool/asia", asia), java.util.Map.entry("check/rs1", check));
  }

  @Test
  void aReleasedMarkIsReusedLast() {
    MarkAllocator marks = MarkAllocator.of(1, 3);
    long first = marks.allocate("a");
    marks.release("a");
    marks.release("stranger");
    assertThat(marks.allocate("b")).isEqualTo(2);
    assertThat(marks.allocate("c")).isEqualTo(3);
    assertThat(marks.allocate("d")).isEqualTo(first);
  }

  @Test
  void anExhaustedRangeSaysWhoAsked() {
    MarkAllocator marks = MarkAllocator.of(7, 1);
    long unused = marks.allocate("a");
    assertThatThrownBy(() -> marks.allocate("b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no mark left for b: all 1 of 0x7-0x7 are taken");
    assertThat(unused).isEqualTo(7);
  }

  @Test
  void aRestartReservesWhatItHad() {
    MarkAllocator marks = MarkAllocator.of(10, 4);
    marks.reserve("a", 12);
    marks.reserve("a", 12);
    assertThat(marks.allocate("b")).isEqualTo(10);
    assertThatThrownBy(() -> marks.reserve("c", 12)).hasMessageContaining("is taken");
    assertThatThrownBy(() -> marks.reserve("a", 13)).hasMessageContaining("already has mark 12");
    assertThatThrownBy(() -> marks.reserve("c", 14)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRangeStaysWithin32Bits() {
    assertThat(MarkAllocator.of(0xffff_fffeL, 2).last()).isEqualTo(0xffff_ffffL);
    assertThatThrownBy(() -> MarkAllocator.of(0xffff_ffffL, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MarkAllocator.of(0, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThat(MarkAllocator.of(5, 2).contains(6)).isTrue();
    assertThat(MarkAllocator.of(5, 2).contains(7)).isFalse();
  }
}
