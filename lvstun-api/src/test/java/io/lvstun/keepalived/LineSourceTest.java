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

class LineSourceTest {

  private final List<ImportLoss> losses = new ArrayList<>();

  private List<String> lines(String text) {
    LineSource source =
        new LineSource(ConfigFiles.of(Map.of("/k/a", text)), Optional.of("lb1"), losses);
    source.open("/k/a");
    List<String> lines = new ArrayList<>();
    for (SourceLine line = source.next(); line != null; line = source.next()) {
      lines.add(line.text());
    }
    return lines;
  }

  @Test
  void eachLineHasOneBraceAtItsEnd() {
    assertThat(lines("a { b } c\n{}}\nd \"{\" \\{ e\n"))
        .containsExactly("a ", "{", "b ", "}", "c", "{", "}", "}", "d \"{\" \\{ e");
  }

  @Test
  void windowsLinesAndBlanksArePassedOver() {
    assertThat(lines("a\r\n\r\n \t\n  b \t\r\n# c\n! d\n")).containsExactly("a", "b");
  }

  @Test
  void longestLineIsReadAndOneCharacterMoreIsRefused() {
    assertThat(lines("x".repeat(1023))).hasSize(1);
    assertThatThrownBy(() -> lines("\n" + "x".repeat(1024)))
        .isInstanceOf(ConfigSyntaxException.class)
        .hasMessage(
            "/k/a:2:1024: the line has 1024 characters; keepalived cuts lines after 1023 and reads"
                + " the rest as another line");
  }

  @Test
  void parametersAreReplacedEvenThoughTheyExpandToOnes() {
    assertThat(lines("$A=${B}x\n$B=y\nz ${A} ${C} $A ${A\n"))
        .containsExactly("z yx $", "{", "C", "}", "yx $", "{", "A");
  }

  @Test
  void randomTextEndsWithLinesOrARefusal() {
    Random random = new Random(17);
    String alphabet = "ab $={}\"\\\n\n~SEQ(I,1,2)@#!%/_";
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(60); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertThat(lines(text.toString())).noneMatch(String::isEmpty);
      } catch (ConfigSyntaxException e) {
        assertThat(e.place().file()).isEqualTo("/k/a");
      }
    }
  }
}
