// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinesTest {

  @Test
  void wordsAreNeverEmpty() {
    assertThat(Lines.words("  a \t b\u000bc  ")).containsExactly("a", "b\u000bc");
    assertThat(Lines.words(" \t ")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,true",
    "12,2,true",
    "123,2,false",
    "-1,5,false",
    "+1,5,false",
    "' 1',5,false",
    "'',5,false",
    "\u0661,5,false",
    "1e3,5,false",
    "00000001,9,true"
  })
  void numberIsAsciiDigitsUpToALength(String text, int digits, boolean expected) {
    assertThat(Lines.number(text, digits)).isEqualTo(expected);
  }

  @Test
  void propertiesLoseTheirQuotesAndCommentsAreNone() {
    assertThat(Lines.properties("a=1\n#b=2\n c = 'x y' \nd=\"\"\n=5\ne\nf=\"\ng=a=b\na=3\n"))
        .containsExactly(
            entry("a", "3"),
            entry("c", "x y"),
            entry("d", ""),
            entry("f", "\""),
            entry("g", "a=b"));
  }

  @Test
  void linesOfAFileComeTogetherWhateverLiesBetween() {
    assertThat(Lines.files("/a:1\n/b:x\n/a:2:3\nno file:4\n:5\n/c\n/d:\n"))
        .containsExactly(entry("/a", "1\n2:3\n"), entry("/b", "x\n"), entry("/d", "\n"));
  }
}
