// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTest {

  @Test
  void eachOptionIsFoundByItsNameAndLetter() {
    for (Option option : Option.values()) {
      Option named = Option.named(option.longName());
      assertThat(named).isNotNull();
      assertThat(named.longName()).isEqualTo(option.longName());
      if (option.toString().startsWith("-" + option.toString().charAt(1) + " ")) {
        assertThat(Option.lettered(option.toString().charAt(1))).isEqualTo(option);
      }
    }
  }

  @Test
  void smallAndCapitalLettersAreDifferentOptions() {
    assertThat(Option.lettered('A')).isEqualTo(Option.ADD_SERVICE);
    assertThat(Option.lettered('a')).isEqualTo(Option.ADD_SERVER);
    assertThat(Option.lettered('l')).isEqualTo(Option.LIST_AGAIN);
    assertThat(Option.named("list")).isEqualTo(Option.LIST);
    assertThat(Option.ADD_SERVICE).hasToString("-A (--add-service)");
    assertThat(Option.ENGINE).hasToString("--pe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ad", "ADD-SERVICE", "add-service ", "--add-service"})
  void namesAreNotGuessed(String name) {
    assertThat(Option.named(name)).isNull();
  }

  @Test
  void optionsWithoutALetterAreNotFoundByNul() {
    assertThat(Option.lettered('\0')).isNull();
    assertThat(Option.lettered('q')).isNull();
  }
}
