// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeScriptTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "v 1|1",
        "v|''",
        "v 4096\t87380|4096 87380",
        "x 610a|'a\n'",
        "x|''",
        "x 61zz|-",
        "x 6|-",
        "error no|-",
        "|-",
        "V 1|-"
      })
  void linesOfTheScriptAreStates(String line, String state) {
    String said = line == null ? "" : line;
    assertThat(ChangeScript.state(said).orElse(null)).isEqualTo(state);
  }

  @Test
  void nothingThereIsAStateOfItsOwn() {
    assertThat(ChangeScript.state("none")).contains(HostChange.NONE);
  }

  @Test
  void blanksAndTabsAreTheSame() {
    assertThat(ChangeScript.same("4096\t87380 ", "4096 87380")).isTrue();
    assertThat(ChangeScript.same("40", "4 0")).isFalse();
  }

  @Test
  void problemIsOneLine() {
    assertThat(ChangeScript.problem("error no\u001b[31m file")).isEqualTo("no file");
    assertThat(ChangeScript.problem("x 6")).isEqualTo("its state cannot be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'; reboot; '", "a b", "$(id)", "YQ==\n"})
  void payloadThatAShellWouldReadIsRefused(String payload) {
    assertThatIllegalArgumentException().isThrownBy(() -> ChangeScript.text(payload));
  }

  @Test
  void payloadStandsInFront() {
    assertThat(ChangeScript.text("YQ==")).startsWith("payload=YQ==\n# SPDX").endsWith("\n");
  }
}
