// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

class JsonTest {

  @Test
  void elementsOfArraysAtTheTopCountAsValues() {
    assertThat(Json.sequence("[1,2] {\"a\":[3]}\n[] [[4]] \"x\""))
        .extracting(JsonNode::toString)
        .containsExactly("1", "2", "{\"a\":[3]}", "[4]", "\"x\"");
    assertThat(Json.sequence("  \n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,", "{\"a\":", "nonsense", "]", "[1] x", "{\"a\":1,}"})
  void brokenTextIsRefused(String text) {
    assertThatThrownBy(() -> Json.sequence(text)).isInstanceOf(JacksonException.class);
  }

  @Test
  void depthAndNumbersAreBounded() {
    assertThat(Json.sequence("[".repeat(90) + "]".repeat(90))).hasSize(1);
    assertThatThrownBy(() -> Json.sequence("[".repeat(1_000_000)))
        .isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> Json.sequence("1".repeat(101))).isInstanceOf(JacksonException.class);
  }
}
