// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.diagnostics.probe.HopLedger;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostScriptsTest {

  @Test
  void whatVariesIsAnArgumentAndNeverText() {
    HostCommand command = HostScripts.command("echo \"$1\"", List.of("$(id); 'x"));
    assertThat(command.arguments())
        .containsExactly("/bin/sh", "-c", "eval \"$(cat)\"", "lvstun", "$(id); 'x");
    assertThat(Host.local().run(command).output()).isEqualTo("$(id); 'x\n");
  }

  @Test
  void programsOfOtherLanguagesAreNotReadByTheShell() {
    String script =
        HostScripts.polyglot(
            "lvstun_perl one", "print \"$ARGV[0] `id` \\$(id)\\n\";", "print('$(id)')");
    assertThat(script)
        .contains("<<'END_OF_PERL'\nprint \"$ARGV[0] `id`")
        .contains("<<'END_OF_PYTHON'\nprint('$(id)')\nEND_OF_PYTHON\n")
        .endsWith("lvstun_perl one");
  }

  @Test
  void scriptsAreThereAndWordsOfHostsSteerNothing() {
    for (String name : List.of("connect.sh", "connect.pl", "connect.py", "counters.sh")) {
      assertThat(BundledText.beside(HopLedger.class, name)).isNotBlank();
    }
    assertThatThrownBy(() -> BundledText.beside(HopLedger.class, "none.sh"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("none.sh is missing from the jar");
  }
}
