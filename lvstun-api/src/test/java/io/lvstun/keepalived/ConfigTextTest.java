// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfigTextTest {

  @Test
  void blocksAreIndentedAndSetApart() {
    ConfigText text = new ConfigText();
    text.block(
        "a",
        () -> {
          text.line("b", 1, "c");
          text.flag("d", false);
          text.flag("e", true);
          text.optional("f", Optional.of(Duration.ofMillis(1500)));
          text.optional("g", Optional.empty());
          text.values("h", List.of(), value -> text.line("x"));
          text.values("i", List.of("j"), text::line);
        });
    text.block("k", () -> {});
    assertThat(text)
        .hasToString("a {\n    b 1 c\n    e\n    f 1.5\n    i {\n        j\n    }\n}\n\nk {\n}\n");
  }

  @Test
  void secondsAreReadBack() {
    Random random = new Random(11);
    StatementReader reader = new StatementReader(new ArrayList<>());
    SourcePosition place = new SourcePosition("/k", 1, 1);
    for (int i = 0; i < 1000; i++) {
      Duration duration =
          Duration.ofSeconds(random.nextInt(5000)).plusNanos(1000L * random.nextInt(1_000_000));
      String text = ConfigText.seconds(duration);
      assertThat(
              reader.seconds(
                  new Statement(
                      List.of(new Word("a", place), new Word(text, place)), true, List.of())))
          .as(text)
          .contains(duration);
    }
    assertThat(ConfigText.seconds(Duration.ofSeconds(100))).isEqualTo("100");
  }

  @Test
  void whatWouldBeSeveralWordsIsQuoted() {
    assertThat(ConfigText.quoted("eth0.5")).isEqualTo("eth0.5");
    assertThat(ConfigText.quoted("a b")).isEqualTo("\"a b\"");
    assertThat(ConfigText.quoted("#a")).isEqualTo("\"#a\"");
    assertThat(ConfigText.command("/bin/x-1.sh")).isEqualTo("/bin/x-1.sh");
    assertThat(ConfigText.command("/bin/x a")).isEqualTo("\"/bin/x a\"");
    assertThat(ConfigText.pattern("a\\.b")).isEqualTo("\"a\\\\.b\"");
  }
}
