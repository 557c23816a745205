// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentValueTest {

  private static DocumentValue read(String text) {
    return DocumentValue.read("c.yaml", text);
  }

  private static DocumentValue at(String text, String key) {
    return read(text).map(Set.of("a", "b")).get(key);
  }

  @ParameterizedTest
  @CsvSource({
    "'', c.yaml:1: the document is empty",
    "'a: [', c.yaml:1: not YAML",
    "'a: 1\nb: ''x', c.yaml:2: not YAML",
    "'%bad', c.yaml:1: not YAML"
  })
  void textThatIsNoDocumentIsRefusedWithItsPlace(String text, String message) {
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(() -> read(text).map(Set.of("a", "b")))
        .satisfies(e -> assertThat(e.source()).isEqualTo("c.yaml"));
    assertThat(message).startsWith("c.yaml:");
  }

  @Test
  void unknownAndRepeatedKeysAreNamedWithTheirLine() {
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(() -> read("a: 1\nc: 2\n").map(Set.of("b", "a")))
        .withMessage("c.yaml:2: has the unknown key c; known are [a, b]");
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(() -> read("a: 1\n\na: 2\n").map(Set.of("a")))
        .satisfies(e -> assertThat(e.line()).isEqualTo(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: -1", "a: 2147483648", "a: 1.0", "a: x", "a: '1'", "a:", "a: [1]"})
  void whatIsNoNumberIsRefused(String text) {
    DocumentValue value = at(text, "a");
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(value::number)
        .withMessage("c.yaml:1: a must be a number from 0 to 2147483647");
    assertThat(at("a: 2147483647", "a").number()).isEqualTo(Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: ''", "a: ' '", "a: true", "a:", "a: {b: 1}", "a: !x y"})
  void whatIsNoTextIsRefused(String text) {
    DocumentValue value = at(text, "a");
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(value::text)
        .withMessage("c.yaml:1: a must be text");
    assertThat(at("a: 010", "a").text()).as("as it is written").isEqualTo("010");
  }

  @Test
  void placesOfListsAreNumbered() {
    List<DocumentValue> values = at("a:\n- x\n- []\n", "a").list();
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(() -> values.get(1).text())
        .withMessage("c.yaml:3: a[1] must be text");
    assertThat(at("a:", "a").list()).isEmpty();
  }

  @Test
  void documentsThatExplodeAreRefusedInTime() {
    StringBuilder bomb = new StringBuilder("a: &a0 [x]\nb:\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("- &a")
          .append(i)
          .append(" [*a")
          .append(i - 1)
          .append(", *a")
          .append(i - 1)
          .append("]\n");
    }
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(() -> read(bomb.toString()));
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(() -> read("[".repeat(100_000)));
    assertThatExceptionOfType(ClusterDocumentException.class)
        .isThrownBy(() -> read("a".repeat((1 << 20) + 1)))
        .withMessageContaining("longer than 1 MiB");
  }
}
