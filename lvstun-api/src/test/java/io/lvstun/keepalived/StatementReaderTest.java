// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatementReaderTest {

  private final List<ImportLoss> losses = new ArrayList<>();
  private final StatementReader reader = new StatementReader(losses);

  private static Statement statement(String... words) {
    SourcePosition place = new SourcePosition("/k", 3, 1);
    return new Statement(
        Arrays.stream(words).map(word -> new Word(word, place)).toList(), true, List.of());
  }

  @Test
  void numbersAreReadAsKeepalivedReadsThem() {
    assertThat(reader.number(statement("a", "0x10"), 1, 16)).contains(16L);
    assertThat(reader.number(statement("a", "010"), 1, 16)).contains(8L);
    assertThat(reader.number(statement("a", "-5"), -5, 16)).contains(-5L);
    assertThat(reader.integer(statement("a", "2147483647"), 0, Long.MAX_VALUE))
        .contains(Integer.MAX_VALUE);
    assertThat(losses).isEmpty();
  }

  @Test
  void whatIsNoNumberOrOutOfRangeIsListedWithTheRange() {
    for (String bad : List.of("", "x", "17", "0", "1e3", "99999999999999999999", "1 2")) {
      assertThat(reader.number(statement("a", bad), 1, 16)).isEmpty();
    }
    assertThat(reader.integer(statement("a", "2147483648"), 0, Long.MAX_VALUE)).isEmpty();
    assertThat(reader.number(statement("a"), 1, 16)).isEmpty();
    assertThat(losses).hasSize(9);
    assertThat(losses.get(2).reason())
        .isEqualTo("it must be 1 to 16, not 17; keepalived ignores it");
    assertThat(losses.get(7).reason()).startsWith("it must be 0 to 2147483647");
    assertThat(losses.get(8).reason()).isEqualTo("a value is missing");
  }

  @Test
  void secondsHaveMicrosecondsAtMost() {
    assertThat(reader.seconds(statement("a", "1.5"))).contains(Duration.ofMillis(1500));
    assertThat(reader.seconds(statement("a", ".25"))).contains(Duration.ofMillis(250));
    assertThat(reader.seconds(statement("a", "2."))).contains(Duration.ofSeconds(2));
    assertThat(reader.seconds(statement("a", "0.0000015"))).contains(Duration.ofNanos(2000));
    assertThat(losses).isEmpty();
    for (String bad : List.of(".", "", "-1", "1e9", "1s", "18446744073710", "9".repeat(40))) {
      assertThat(reader.seconds(statement("a", bad))).as(bad).isEmpty();
    }
    assertThat(losses).hasSize(7);
  }

  @Test
  void choiceWithoutValueIsTrue() {
    assertThat(reader.choice(statement("a"))).contains(true);
    for (String yes : List.of("on", "true", "yes")) {
      assertThat(reader.choice(statement("a", yes))).contains(true);
    }
    for (String no : List.of("off", "false", "no")) {
      assertThat(reader.choice(statement("a", no))).contains(false);
    }
    assertThat(losses).isEmpty();
    assertThat(reader.choice(statement("a", "1"))).isEmpty();
    assertThat(losses).hasSize(1);
  }

  @Test
  void refusalOfAValueBecomesALossAndHostileTextIsCleaned() {
    assertThat(reader.<String>attempt(statement("a"), () -> refuse("why"))).isEmpty();
    reader.take(statement("a", "b"), Optional.of("x"), value -> refuse("not " + value));
    assertThat(losses).extracting(ImportLoss::reason).containsExactly("why", "not x");
    losses.clear();
    assertThat(reader.number(statement("a", "\u001b[2J"), 0, 1)).isEmpty();
    assertThat(losses.get(0).toString()).doesNotContain("\u001b");
  }

  @CanIgnoreReturnValue
  private static String refuse(String reason) {
    throw new IllegalArgumentException(reason);
  }

  @Test
  void whatNoFormTakesIsListedOnce() {
    Grammar.Block global = Grammar.TOP.block("global_defs").orElseThrow();
    Statement one = statement("vrrp_strict");
    reader.untaken(one, global);
    reader.untaken(one, global);
    reader.untaken(statement("json_version", "2"), global);
    assertThat(losses)
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(loss.kind()).isEqualTo(ImportLoss.Kind.NO_COUNTERPART);
              assertThat(loss).hasToString("/k:3:1: vrrp_strict: " + loss.reason());
            });
  }

  @Test
  void argumentsOfCommandsAreJoined() {
    assertThat(reader.line(statement("a", "/bin/x", "-v", "y"))).contains("/bin/x -v y");
    assertThat(reader.line(statement("a", ""))).isEmpty();
    assertThat(reader.line(statement("a"))).isEmpty();
    assertThat(losses).hasSize(2);
  }
}
