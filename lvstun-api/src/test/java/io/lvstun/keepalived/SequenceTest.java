// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceTest {

  private static List<String> values(String text) {
    return Sequence.parse(text, 1000).orElseThrow().rounds().stream()
        .map(round -> round.values().iterator().next())
        .toList();
  }

  @Test
  void countsLikeANaiveLoop() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      int first = random.nextInt(41) - 20;
      int last = random.nextInt(41) - 20;
      int step = random.nextInt(11) - 5;
      Optional<Sequence> read =
          Sequence.parse("~SEQ(I, " + first + ", " + step + "," + last + ") x", 100);
      List<String> wanted = new ArrayList<>();
      for (int at = first; step > 0 && at <= last || step < 0 && at >= last; at += step) {
        wanted.add("" + at);
      }
      if (wanted.isEmpty()) {
        assertThat(read).isEmpty();
      } else {
        assertThat(read.orElseThrow().rounds())
            .extracting(round -> round.get("I"))
            .isEqualTo(wanted);
      }
    }
  }

  @Test
  void restBeginsAfterTheParenthesis() {
    String text = "~SEQx(K,9,11) rest";
    Sequence sequence = Sequence.parse(text, 10).orElseThrow();
    assertThat(text.substring(sequence.end())).isEqualTo(" rest");
    assertThat(values(text)).containsExactly("9", "a", "b");
    assertThat(values("~SEQ(K,2)")).containsExactly("1", "2");
    assertThat(values("~SEQ(K,-2)")).containsExactly("-1", "-2");
    assertThat(values("~SEQ(K,0x2,010)")).hasSize(7);
  }

  @Test
  void listsPairNamesAndValues() {
    assertThat(Sequence.parse("~LST({A,B},{1, 2},{3,4})", 10).orElseThrow().rounds())
        .containsExactly(Map.of("A", "1", "B", "2"), Map.of("A", "3", "B", "4"));
    assertThat(Sequence.parse("~LST(A,,x)", 10).orElseThrow().rounds())
        .containsExactly(Map.of("A", ""), Map.of("A", "x"));
    assertThat(Sequence.parse("~LST({A,B},{1})", 10)).isEmpty();
    assertThat(Sequence.parse("~LST(A)", 10)).isEmpty();
  }

  @Test
  void whatIsNoSequenceIsEmptyAndWhatIsTooLongIsRefusedBeforeItIsMade() {
    for (String bad :
        List.of(
            "~SEQ(",
            "~SEQ()",
            "~SEQ(I)",
            "~SEQ(,1)",
            "~SEQ(I,x)",
            "~SEQ(I,1,2,3,4)",
            "~SEQ(I,1,99999999999)",
            "~SEQ(I,1",
            "~SEQ(I,9223372036854775807)")) {
      assertThat(Sequence.begins(bad)).isTrue();
      assertThat(Sequence.parse(bad, 10)).as(bad).isEmpty();
    }
    assertThat(Sequence.begins("~SEQ I")).isFalse();
    assertThat(Sequence.parse("~SEQ(I,1,10)", 10).orElseThrow().rounds()).hasSize(10);
    assertThatThrownBy(() -> Sequence.parse("~SEQ(I,-2147483647,1,2147483647)", 10))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("the sequence has 4294967295 rounds");
  }
}
