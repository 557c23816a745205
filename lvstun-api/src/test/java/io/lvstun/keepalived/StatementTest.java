// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementTest {

  private static Statement statement(String text) {
    List<Word> words = new ArrayList<>();
    for (String word : text.split(" ")) {
      words.add(new Word(word, new SourcePosition("/k", 2, 3 + text.indexOf(word))));
    }
    return new Statement(words, true, List.of());
  }

  @Test
  void wordsAfterTheKeywordAreArguments() {
    Statement one = statement("a b c");
    assertThat(one.keyword()).isEqualTo("a");
    assertThat(one.arguments()).containsExactly("b", "c");
    assertThat(one.argument(1)).contains("c");
    assertThat(one.argument(2)).isEmpty();
    assertThat(one.place()).isEqualTo(new SourcePosition("/k", 2, 3));
    assertThatThrownBy(() -> new Statement(List.of(), true, List.of()))
        .hasMessage("a statement has at least one word");
  }

  @Test
  void childrenAreThoseOfOneKeywordInOrder() {
    Statement block =
        new Statement(
            statement("g").words(),
            true,
            List.of(statement("a 1"), statement("b 2"), statement("a 3")));
    assertThat(block.children("a")).extracting(Statement::toString).containsExactly("a 1", "a 3");
    assertThat(block.children("c")).isEmpty();
  }

  @Test
  void secretsAreNotShown() {
    assertThat(statement("auth_pass x y")).hasToString("auth_pass ***");
    assertThat(statement("password x")).hasToString("password ***");
    assertThat(statement("key x")).hasToString("key ***");
    assertThat(statement("auth_type PASS")).hasToString("auth_type PASS");
  }
}
