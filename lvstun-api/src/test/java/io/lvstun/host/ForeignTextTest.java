// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

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
}
