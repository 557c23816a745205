// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentReportTest {

  @ParameterizedTest
  @CsvSource({
    "75%, 75, false",
    "up 50%, 50, false",
    "0%, 0, false",
    "drain, 0, false",
    "maint, 0, true",
    "ready, 100, false",
    "ready up, 100, false",
    "down, 100, true",
    "failed, 100, true",
    "fail#disk, 100, true",
    "stopped, 100, true",
    "UP, 100, false",
    "200%, 200, false",
  })
  void eachWordDoesWhatItSays(String line, int weight, boolean down) {
    AgentReport report = AgentReport.parse(line + "\n");
    assertThat(report.weight(100)).isEqualTo(weight);
    assertThat(report.down()).isEqualTo(down);
  }

  @Test
  void wordsCombine() {
    AgentReport report = AgentReport.parse("up,ready 40%\tmaxconn:30 unknown # all well\nmore");
    assertThat(report)
        .isEqualTo(
            new AgentReport(
                OptionalInt.of(40),
                OptionalInt.of(30),
                Optional.of(AgentReport.Admin.READY),
                Optional.of(AgentReport.Operation.UP),
                "all well"));
  }

  @Test
  void percentIsRoundedUpSoThatNoServerIsDrainedByRounding() {
    assertThat(AgentReport.parse("1%").weight(10)).isEqualTo(1);
    assertThat(AgentReport.parse("25600%").weight(65535)).isEqualTo(65535);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "-5%",
        "1000000000%",
        "NaN%",
        "%",
        "maxconn:-1",
        "maxconn:99999999999"
      })
  void liesAndGarbageAreRefused(String line) {
    assertThatIllegalArgumentException().isThrownBy(() -> AgentReport.parse(line));
  }

  @Test
  void endlessLineIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AgentReport.parse("up ".repeat(1000)))
        .withMessage("agent's line must have at most 1024 characters, not 3000");
  }
}
