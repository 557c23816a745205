// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.Command;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text that was pasted from a web page or saved by an editor with ideas of its own. */
final class LookalikeTest {

  private static final String RULE = "-A -t 10.0.0.1:80 -s rr";

  private static RulesSyntaxException error(String text) {
    return catchThrowableOfType(RulesSyntaxException.class, () -> Rules.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "00A0, NO-BREAK SPACE, a blank (U+0020)",
    "2003, EM SPACE, a blank (U+0020)",
    "3000, IDEOGRAPHIC SPACE, a blank (U+0020)",
    "2028, LINE SEPARATOR, a blank (U+0020)",
    "200B, ZERO WIDTH SPACE, text without invisible characters",
    "FEFF, ZERO WIDTH NO-BREAK SPACE, text without invisible characters",
    "00AD, SOFT HYPHEN, text without invisible characters",
    "202E, RIGHT-TO-LEFT OVERRIDE, text without invisible characters",
    "2010, HYPHEN, a hyphen (U+002D)",
    "2013, EN DASH, a hyphen (U+002D)",
    "2014, EM DASH, a hyphen (U+002D)",
    "2212, MINUS SIGN, a hyphen (U+002D)",
    "FF0D, FULLWIDTH HYPHEN-MINUS, a hyphen (U+002D)",
    "2018, LEFT SINGLE QUOTATION MARK, 'no quotes, which ipvsadm does not remove'",
    "201D, RIGHT DOUBLE QUOTATION MARK, 'no quotes, which ipvsadm does not remove'",
    "FF1A, FULLWIDTH COLON, ''':'' (U+003A)'",
    "FF11, FULLWIDTH DIGIT ONE, '''1'' (U+0031)'",
    "1D7CF, MATHEMATICAL BOLD DIGIT ONE, '''1'' (U+0031)'",
  })
  void lookalikeIsNamedWithItsColumn(String code, String name, String expected) {
    String character = Character.toString(Integer.parseInt(code, 16));
    for (int column = 2; column <= RULE.length(); column++) {
      String text =
          RULE + '\n' + RULE.substring(0, column - 1) + character + RULE.substring(column);
      RulesSyntaxException error = error(text);
      assertThat(error.line()).isEqualTo(2);
      assertThat(error.column()).isEqualTo(column);
      assertThat(error.expected()).isEqualTo(expected);
      assertThat(error.found()).isEqualTo(RulesSyntaxException.excerpt("U+" + code + ' ' + name));
    }
  }

  @Test
  void byteOrderMarkAtTheBeginningIsPassedOver() {
    assertThat(Rules.parse('\uFEFF' + RULE)).isEqualTo(Rules.parse(RULE));
    assertThat(Rules.parse("\uFEFF# comment\r\n" + RULE + "\r\n")).hasSize(1);
    assertThat(error('\uFEFF' + "-A -t nonsense").column()).isEqualTo(7);
  }

  @Test
  void byteOrderMarkElsewhereIsAnError() {
    RulesSyntaxException error = error(RULE + '\n' + '\uFEFF' + RULE);
    assertThat(error)
        .hasMessage(
            "line 2, column 1: expected text without invisible characters,"
                + " found \"U+FEFF ZERO WIDTH NO-BREAK SPACE\"");
  }

  @Test
  void commentsMayHoldAnything() {
    assertThat(Rules.parse("# “quoted” – dash\u00a0blank：全角\n" + RULE)).hasSize(1);
  }

  @Test
  void lettersOfOtherScriptsAreWhatTheyAre() {
    assertThat(Lookalike.of('ä')).isEmpty();
    assertThat(Lookalike.of('全')).isEmpty();
    assertThat(IntStream.range(0, 0x80).mapToObj(Lookalike::of)).allMatch(it -> it.isEmpty());
  }

  @Test
  void wordBeforeTheFirstOptionIsTheOneAtFault() {
    RulesSyntaxException error = error("A -t 10.0.0.1:80 -s rr");
    assertThat(error.column()).isEqualTo(1);
    assertThat(error.found()).isEqualTo("A");
    assertThat(error.expected()).startsWith("a command (-A, -E");
  }

  @Test
  void plainRulesAreReadAsBefore() {
    List<Rule> rules = Rules.parse(RULE);
    assertThat(rules).hasSize(1);
    assertThat(rules.get(0).command()).isInstanceOf(Command.AddService.class);
  }
}
