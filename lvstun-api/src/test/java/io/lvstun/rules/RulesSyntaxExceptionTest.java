// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RulesSyntaxExceptionTest {

  @Test
  void placeIsTold() {
    RulesSyntaxException e = new RulesSyntaxException(3, 7, "a port", "http");
    assertThat(e).hasMessage("line 3, column 7: expected a port, found \"http\"");
    assertThat(e.line()).isEqualTo(3);
    assertThat(e.column()).isEqualTo(7);
    assertThat(new RulesSyntaxException(1, 1, "a port", ""))
        .hasMessage("line 1, column 1: expected a port, found nothing");
  }

  @Test
  void hostileTextIsCutAndCleaned() {
    assertThat(RulesSyntaxException.excerpt("a\u001b[2J\u202eb\n\u2028\ud800"))
        .isEqualTo("a\ufffdb \ufffd\ufffd");
    assertThat(RulesSyntaxException.excerpt("x".repeat(48))).hasSize(48);
    assertThat(RulesSyntaxException.excerpt("x".repeat(1_000_000))).hasSize(49).endsWith("x…");
    assertThat(RulesSyntaxException.excerpt("ä")).isEqualTo("ä");
  }
}
