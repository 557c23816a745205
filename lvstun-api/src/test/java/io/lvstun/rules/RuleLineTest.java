// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

final class RuleLineTest {

  @Test
  void blanksAndCommentsAreEmpty() {
    assertThat(new RuleLine(1, "").isEmpty()).isTrue();
    assertThat(new RuleLine(1, " \t\r").isEmpty()).isTrue();
    assertThat(new RuleLine(1, "# -A -t 10.0.0.1:80").isEmpty()).isTrue();
    assertThat(new RuleLine(1, "ipvsadm").isEmpty()).isTrue();
  }

  @Test
  void wordsKnowWhereTheyStand() {
    RuleLine line = new RuleLine(4, "ipvsadm -A  -t 10.0.0.1:80 rest ");
    assertThat(line.given())
        .containsExactly(
            new GivenOption(Option.ADD_SERVICE, new Token(4, 9, "-A"), null),
            new GivenOption(
                Option.TCP_SERVICE, new Token(4, 13, "-t"), new Token(4, 16, "10.0.0.1:80")));
    assertThat(line.leftovers()).containsExactly(new Token(4, 28, "rest"));
    assertThat(line.end()).isEqualTo(new Token(4, 32, ""));
  }

  @Test
  void valuesMayBeAttached() {
    assertThat(new RuleLine(1, "-w5 -w=6 --weight=7 --weight 8").given())
        .extracting(option -> option.value() == null ? "" : option.value().text())
        .containsExactly("5", "6", "7", "8");
  }

  @Test
  void lettersMayBeJoined() {
    assertThat(new RuleLine(1, "-At 10.0.0.1:80").given())
        .extracting(GivenOption::option)
        .containsExactly(Option.ADD_SERVICE, Option.TCP_SERVICE);
  }

  @Test
  void optionalValueIsNoOption() {
    assertThat(new RuleLine(1, "-p -s rr").given().get(0).value()).isNull();
    assertThat(new RuleLine(1, "-p 30 -s rr").given().get(0).value())
        .isEqualTo(new Token(1, 4, "30"));
  }

  @Test
  void everythingBehindTwoHyphensIsLeftOver() {
    assertThat(new RuleLine(1, "-A -- -t").leftovers()).containsExactly(new Token(1, 7, "-t"));
  }

  @Test
  void missingValueIsExpectedAtTheEnd() {
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> new RuleLine(2, "-A -t"))
        .withMessage("line 2, column 6: expected the value of -t (--tcp-service), found nothing");
  }

  @Test
  void substitutionOfPoptIsRefused() {
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> new RuleLine(1, "-A -t x!#:+y"))
        .satisfies(error -> assertThat(error.column()).isEqualTo(8));
  }
}
