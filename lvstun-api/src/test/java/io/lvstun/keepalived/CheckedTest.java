// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckedTest {

  @Test
  void namesAreOneWordOfAFile() {
    for (String good : List.of("a", "_x", "9", "eth0.5:1", "a@b", "x/y=z%1+2-3", "n".repeat(64))) {
      assertThat(Checked.name("p", good)).isEqualTo(good);
    }
    for (String bad :
        List.of(
            "",
            "-a",
            "@a",
            ".a",
            "a b",
            "a{",
            "a}",
            "a\"",
            "a#",
            "a!",
            "$a",
            "é",
            "n".repeat(65))) {
      assertThatThrownBy(() -> Checked.name("p", bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "p must be 1 to 64 letters, digits and ._:-+/%=@ that begin with a letter, digit or"
                  + " _, not \"");
    }
    assertThatThrownBy(() -> Checked.words("p", "a  b")).hasMessageEndingWith("not \"\"");
    assertThat(Checked.words("p", "a b")).isEqualTo("a b");
  }

  @Test
  void textsMayStandBetweenDoubleQuotes() {
    for (String good : List.of("a b", "{", "# !", "$x", "'", "x".repeat(500))) {
      assertThat(Checked.text("p", good)).isEqualTo(good);
    }
    for (String bad :
        List.of("", " a", "a ", "a\"b", "a\\b", "${a}", "a\nb", "\u001b", "é", "x".repeat(501))) {
      assertThatThrownBy(() -> Checked.text("p", bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("p must be 1 to 500 printable ASCII");
    }
  }

  @Test
  void commandsCloseTheirQuotesAndPatternsMayHaveBackslashes() {
    assertThat(Checked.command("p", "/a 'b c' 'd'")).isEqualTo("/a 'b c' 'd'");
    assertThatThrownBy(() -> Checked.command("p", "/a 'b c' 'd"))
        .hasMessage("p must close its single quotes, not \"/a 'b c' 'd\"");
    assertThat(Checked.pattern("p", "^a\\.b")).isEqualTo("^a\\.b");
    assertThatThrownBy(() -> Checked.pattern("p", "a\"b")).hasMessageContaining("double quote");
  }

  @Test
  void rangesIncludeTheirEnds() {
    assertThat(Checked.range("p", 1, 1, 2)).isEqualTo(1);
    assertThat(Checked.range("p", 2L, 1, 2)).isEqualTo(2L);
    assertThatThrownBy(() -> Checked.range("p", 3, 1, 2)).hasMessage("p must be 1 to 2, not 3");
    assertThatThrownBy(() -> Checked.range("p", 0, 1, 2)).hasMessage("p must be 1 to 2, not 0");
  }

  @Test
  void numberThatIsNoneIsShownCleaned() {
    assertThat(Checked.number("p", "-12")).isEqualTo(-12);
    assertThatThrownBy(() -> Checked.number("p", "1\u001b" + "x".repeat(99)))
        .hasMessage("p must be a number, not 1" + "x".repeat(45) + "…");
  }
}
