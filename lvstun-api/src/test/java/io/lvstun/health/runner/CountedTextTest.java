// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CountedTextTest {

  @Test
  void partsShareTheCountOfTheWhole() {
    CountedText text = new CountedText("abcdef", 3);
    CharSequence part = text.subSequence(1, 3);
    assertThat(part.length()).isEqualTo(2);
    assertThat(part.charAt(0)).isEqualTo('b');
    assertThat(text.charAt(0)).isEqualTo('a');
    assertThat(part.charAt(1)).isEqualTo('c');
    assertThatExceptionOfType(CountedText.ExhaustedException.class)
        .isThrownBy(() -> part.charAt(0));
    assertThatExceptionOfType(CountedText.ExhaustedException.class)
        .isThrownBy(() -> text.charAt(0));
  }

  @Test
  void searchThatBacktracksWithoutEndEnds() {
    CountedText text = new CountedText("a".repeat(5000) + "!", 10_000);
    assertThatExceptionOfType(CountedText.ExhaustedException.class)
        .isThrownBy(() -> Pattern.compile("(a+)+b").matcher(text).find());
  }

  @Test
  void textItselfCostsNothing() {
    assertThat(new CountedText("abc", 0)).hasToString("abc").hasSize(3);
  }
}
