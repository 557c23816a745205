// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnprepareCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unprepare other                                             | director or real-server
          """)
  void whatMakesNoSenseIsRefused(String command, String message) {
    Runner runner = Runner.run(command.split(" "));
    assertThat(runner.status()).as(runner.err()).isEqualTo(ExitStatus.USAGE);
    assertThat(runner.err()).contains(message);
    assertThat(runner.out()).isEmpty();
  }

  @Test
  void hostThatIsNotThereIsAFailureAndNoSuccess() {
    Runner runner =
        Runner.run("unprepare", "real-server", "-r", "netns:no-such", "--vip", "192.0.2.1");
    assertThat(runner.status()).isEqualTo(ExitStatus.FAIL);
    assertThat(runner.out()).startsWith("failed  no-such: ");
    assertThat(runner.out()).doesNotContain("Nothing was prepared");
  }
}
