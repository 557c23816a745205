// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u001b[31mb",
        "a\u001b]0;title\u0007b",
        "a\u001b]8;;http://x\u001b\\b",
        "a\u001bcb",
        "a\u001bPq\u001b\\b",
        "a\rb"
      })
  void whatSteersATerminalIsTakenOut(String text) {
    assertThat(ForeignText.clean(text)).isEqualTo("ab");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0007", "\u009b", "\u007f", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028"})
  void whatHidesOrTurnsTextIsMadeVisible(String text) {
    assertThat(ForeignText.clean("a" + text + "b")).isEqualTo("a\ufffdb");
  }

  @Test
  void linesTabsAndLettersOfTheWorldStay() {
    assertThat(ForeignText.clean("a\tb\n中文 ü")).isEqualTo("a\tb\n中文 ü");
  }

  @Test
  void whatSteersOrHidesIsReplaced() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String text = "a" + Character.toString(c) + "b";
      int type = Character.getType(c);
      boolean steers =
          type == Character.CONTROL
              || type == Character.FORMAT
              || type == Character.SURROGATE
              || type == Character.PRIVATE_USE
              || type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR
              || (c & 0xfffe) == 0xfffe;
      String expected =
          switch (c) {
            case '\n', '\t' -> text;
            case '\r' -> "ab";
            case 0 -> "a b";
            case 0x1b -> "a";
            default -> steers ? "a\ufffdb" : text;
          };
      assertThat(ForeignText.clean(text)).as("U+%04x", c).isEqualTo(expected);
    }
  }

  @Test
  void excerptIsOneLineAndSaysThatItIsCut() {
    assertThat(ForeignText.excerpt("a\nb\u001b[31mc", 20)).isEqualTo("a bc");
    assertThat(ForeignText.excerpt("abcdef", 3)).isEqualTo("abc…");
    assertThat(ForeignText.line("a\tb\n" + "c".repeat(2000))).hasSize(2004);
  }
}
