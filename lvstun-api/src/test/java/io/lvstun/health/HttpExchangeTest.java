// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpExchangeTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "/a b", "/a\r\nX: y", "/ä"})
  void pathFitsIntoTheRequestLine(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> HttpExchange.get(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb", "a\u0000"})
  void headersFitOnALine(String value) {
    HttpExchange exchange = HttpExchange.get("/");
    assertThatIllegalArgumentException().isThrownBy(() -> exchange.header("X-A", value));
    assertThatIllegalArgumentException().isThrownBy(() -> exchange.host(value));
    assertThatIllegalArgumentException().isThrownBy(() -> exchange.header("X A", "b"));
  }

  @Test
  void headersOfTheCheckItselfAreItsOwn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpExchange.get("/").header("host", "a"))
        .withMessage("header Host is set by the check itself");
  }

  @Test
  void orderOfHeadersDoesNotMatter() {
    assertThat(HttpExchange.get("/").header("A", "1").header("b", "2"))
        .isEqualTo(HttpExchange.get("/").header("B", "2").header("a", "1"));
  }

  @Test
  void rulesOfBodiesAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> BodyRule.matching("("));
    assertThatIllegalArgumentException().isThrownBy(() -> BodyRule.md5("12"));
    assertThat(BodyRule.md5("9B3A0C85A887A256D6939DA88AABD8CD").digest().orElseThrow().value())
        .isEqualTo("9b3a0c85a887a256d6939da88aabd8cd");
  }
}
