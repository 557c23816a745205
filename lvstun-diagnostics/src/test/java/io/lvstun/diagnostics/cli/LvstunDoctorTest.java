// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LvstunDoctorTest {

  @Test
  void aCommandMustBeNamed() {
    Runner.refused("a command is missing");
    Runner.refused("chek", "chek");
  }

  @Test
  void messagesDoNotSteerTheTerminal() {
    Runner runner = Runner.run("check", "--director", "\u001b]0;title\u0007\u001b[31mx");
    assertThat(runner.status()).isEqualTo(2);
    assertThat(runner.err()).doesNotContain("\u001b").doesNotContain("\u0007");
  }

  @Test
  void helpAndVersionAreNoErrors() {
    assertThat(Runner.run("--version").out()).startsWith("lvstun-doctor ");
    assertThat(Runner.run("--help").out()).contains("check", "Exit status", "usage".substring(1));
    Runner help = Runner.run("check", "--help");
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("--director", "--topology", "--vip", "--output");
  }

  @Test
  void atFilesAreNotExpanded() {
    Runner.refused("@/etc/passwd", "check", "@/etc/passwd");
  }

  @Test
  void statusAndMessageOfEveryRefusalAreOnStandardError() {
    for (String command : List.of("check", "trace", "bundle", "explain", "import", "prepare")) {
      Runner.refused("lvstun-doctor " + command, command, "--no-such-option");
    }
  }
}
