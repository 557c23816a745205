// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  private static boolean colour(boolean terminal, Map<String, String> environment) {
    return new Console(
            InputStream.nullInputStream(),
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()),
            terminal,
            terminal,
            environment)
        .colour();
  }

  @Test
  void colourIsForTerminalsThatWantIt() {
    assertThat(colour(true, Map.of())).isTrue();
    assertThat(colour(true, Map.of("NO_COLOR", "", "TERM", "xterm"))).isTrue();
    assertThat(colour(true, Map.of("NO_COLOR", "0"))).isFalse();
    assertThat(colour(true, Map.of("TERM", "dumb"))).isFalse();
    assertThat(colour(false, Map.of("TERM", "xterm"))).isFalse();
  }
}
