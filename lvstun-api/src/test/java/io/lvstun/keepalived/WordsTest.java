// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {

  private final List<ImportLoss> losses = new ArrayList<>();

  private List<String> words(String text) {
    return Words.of(SourceLine.of(text, "/k", 1, 1), losses).stream().map(Word::text).toList();
  }

  @Test
  void escapesHoldInScriptsAlone() {
    assertThat(words("script a\\tb \\x41\\101\\1012 \\c[ \\q \\x \\\\ \\n"))
        .containsExactly("script", "a\tb", "AAA2", "\u001b", "q", "x", "\\", "\n");
    assertThat(words("path a\\tb")).containsExactly("path", "a\\tb");
    assertThat(words("script a\\")).containsExactly("script", "a\\");
    assertThat(losses).isEmpty();
  }

  @Test
  void quoteThatIsNotClosedIsListedWhereItBegins() {
    assertThat(words("path \"a b")).containsExactly("path", "a b");
    assertThat(losses)
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(loss.place()).isEqualTo(new SourcePosition("/k", 1, 6));
              assertThat(loss.statement()).isEqualTo("\"a b");
            });
  }

  @Test
  void emptyQuotesAreAWordAndPlacesAreThoseOfWords() {
    List<Word> words = Words.of(SourceLine.of("a  \"\" \"b\"c", "/k", 1, 1), losses);
    assertThat(words).extracting(Word::text).containsExactly("a", "", "b", "c");
    assertThat(words).extracting(word -> word.place().column()).containsExactly(1, 4, 7, 10);
  }

  @Test
  void wordsWithoutQuotesAreThoseOfASplit() {
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder("x");
      for (int j = random.nextInt(30); j > 0; j--) {
        text.append("ab \t\\{".charAt(random.nextInt(6)));
      }
      assertThat(words(text.toString())).containsExactly(text.toString().strip().split("\\s+"));
    }
  }
}
