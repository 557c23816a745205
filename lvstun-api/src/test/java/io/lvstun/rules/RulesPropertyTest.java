// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.Command;
import io.lvstun.Snapshot;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.spi.contract.RandomTables;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every text and every table; the seed is in the name of a failure. */
final class RulesPropertyTest {

  private final long seed = RandomTables.seed();

  @Test
  void everyTableComesBackAsItWasWritten() {
    RandomTables tables = new RandomTables(seed);
    for (int i = 0; i < 300; i++) {
      Snapshot snapshot =
          new Snapshot(tables.services(8), Timeouts.ofSeconds(900, 120, 300), List.of());
      RulesText written = Rules.write(snapshot, RulesForm.COMPLETE);
      assertThat(written.losses()).as("seed %d", seed).isEmpty();
      Replay replay = Rules.replay(Rules.parse(written.text()));
      assertThat(replay.refusals()).as("seed %d: %s", seed, written).isEmpty();
      assertThat(replay.snapshot()).as("seed %d", seed).isEqualTo(snapshot);
      assertThat(Rules.write(replay.snapshot(), RulesForm.COMPLETE)).isEqualTo(written);
    }
  }

  @Test
  void savedFormLacksThresholdsOnly() {
    RandomTables tables = new RandomTables(seed);
    for (int i = 0; i < 100; i++) {
      List<VirtualService> services = tables.services(8);
      RulesText written = Rules.write(services, RulesForm.SAVED);
      assertThat(written.losses())
          .as("seed %d", seed)
          .allMatch(loss -> loss.kind() == Loss.Kind.THRESHOLDS);
      long thresholds =
          services.stream()
              .flatMap(service -> service.realServers().stream())
              .filter(server -> server.upperThreshold() != 0)
              .count();
      assertThat(written.losses()).as("seed %d", seed).hasSize((int) thresholds);
    }
  }

  @Test
  void everyLineIsReadOrRefusedWithItsPosition() {
    RandomTables tables = new RandomTables(seed);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      String line = tables.line();
      try {
        for (Rule rule : Rules.parse(line)) {
          read++;
          Command command = rule.command();
          if (Rules.obstacle(command).isEmpty()) {
            assertThat(Rules.parse(String.join(" ", Rules.arguments(command))))
                .as("seed %d: %s", seed, line)
                .containsExactly(new Rule(1, command));
          }
        }
      } catch (RulesSyntaxException e) {
        assertThat(e.line()).isEqualTo(1);
        assertThat(e.column()).as("seed %d: %s", seed, line).isBetween(1, line.length() + 1);
        assertThat(e.getMessage()).doesNotContainPattern("[\\p{Cntrl}\u2028]");
      }
    }
    assertThat(read).as("lines that were read, seed %d", seed).isGreaterThan(200);
  }

  @Test
  void anyTextIsReadOrRefused() {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(80);
      for (int j = 0; j < length; j++) {
        text.append(
            (char) (random.nextInt(8) == 0 ? random.nextInt(0x10000) : 32 + random.nextInt(96)));
      }
      assertReadOrRefused(text.toString());
    }
  }

  private void assertReadOrRefused(String text) {
    try {
      assertThat(Rules.parse(text)).isNotNull();
    } catch (RulesSyntaxException e) {
      assertThat(e.line()).as("seed %d", seed).isPositive();
    }
  }

  @Test
  void longLinesAndWordsAreRefused() {
    String word = "x".repeat(4096);
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> Rules.parse("-C\n-A -s " + word))
        .withMessage(
            "line 2, column 7: expected a word of at most 4095 characters, found \""
                + "x".repeat(48)
                + "…\"");
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> Rules.parse("-C\n" + "-6 ".repeat(30_000)))
        .satisfies(e -> assertThat(e.line()).isEqualTo(2))
        .satisfies(e -> assertThat(e.column()).isEqualTo(65_537));
  }

  @Test
  void endlessTextsAreRefusedAndNotReadToTheirEnd() {
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> Rules.read(new Endless("x")))
        .satisfies(e -> assertThat(e.line()).isEqualTo(1));
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> Rules.read(new Endless("-C\n")))
        .withMessageContaining("expected at most 1000000 commands");
  }

  @Test
  void readerIsReadToItsEndAndNotClosed() throws IOException {
    StringReader reader = new StringReader("-C\n-Z");
    assertThat(Rules.read(reader)).hasSize(2);
    assertThat(reader.read()).isEqualTo(-1);
  }

  /** Repeats a text without end. */
  private static final class Endless extends Reader {

    private final String text;
    private int position;

    Endless(String text) {
      this.text = text;
    }

    @Override
    public int read(char[] buffer, int offset, int length) {
      for (int i = 0; i < length; i++) {
        buffer[offset + i] = text.charAt(position++ % text.length());
        position %= text.length();
      }
      return length;
    }

    @Override
    public void close() {}
  }
}
