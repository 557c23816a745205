// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import org.junit.jupiter.api.Test;

class UndoCommandTest {

  @Test
  void hostThatIsNotThereIsAnErrorAndNoSuccess() {
    for (String[] command :
        new String[][] {
          {"undo", "--list", "-r", "netns:no-such"},
          {"undo", "-r", "netns:no-such"}
        }) {
      Runner runner = Runner.run(command);
      assertThat(runner.status()).as(String.join(" ", command)).isEqualTo(ExitStatus.INTERNAL);
      assertThat(runner.err()).contains("no-such");
    }
  }

  @Test
  void runThatIsNoneIsRefused() {
    Runner.refused("more", "undo", "latest", "more");
  }
}
