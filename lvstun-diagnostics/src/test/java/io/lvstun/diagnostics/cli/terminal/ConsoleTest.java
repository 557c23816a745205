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

  @Test
  void plainTextSteersNoTerminal() {
    for (char c = 0; c < 0x3000; c++) {
      String plain = Console.plain("a" + c + "b");
      int type = Character.getType(c);
      boolean steers =
          c != '\n' && c != '\t' && (type == Character.CONTROL || type == Character.FORMAT);
      assertThat(plain).as("U+%04x", (int) c).isEqualTo(steers ? "a\ufffdb" : "a" + c + "b");
    }
  }
}
