// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandResultTest {

  private static CommandResult result(int exitCode, boolean timedOut, boolean truncated) {
    return new CommandResult(exitCode, "o", "e", timedOut, truncated, Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false", "255, false", "-1, false"})
  void statusZeroAloneIsSuccess(int exitCode, boolean successful) {
    assertThat(result(exitCode, false, false).successful()).isEqualTo(successful);
  }

  @Test
  void programThatWasKilledNeverSucceeded() {
    assertThat(result(CommandResult.KILLED, true, false).successful()).isFalse();
    assertThat(result(CommandResult.KILLED, false, true).successful()).isFalse();
  }

  @Test
  void successIsNeverReadFromAProgramThatWasCutShort() {
    CommandResult cut =
        Host.local().run(HostCommand.of("sh", "-c", "echo 12345678; exit 0").maxOutput(4));
    assertThat(cut.truncated()).isTrue();
    assertThat(cut.successful()).isFalse();
    assertThat(cut.output()).isEqualTo("1234");
  }

  @Test
  void everyPartCountsInEquality() {
    assertThat(result(0, false, false)).isEqualTo(result(0, false, false));
    assertThat(result(0, false, false)).isNotEqualTo(result(0, false, true));
    assertThat(result(0, false, false)).isNotEqualTo(result(0, true, false));
  }
}
