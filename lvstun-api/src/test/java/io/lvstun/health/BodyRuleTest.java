// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyRuleTest {

  @Test
  void digestsAreComparedInLowerCase() {
    assertThat(BodyRule.md5("5D41402ABC4B2A76B9719D911017C592"))
        .isEqualTo(BodyRule.md5("5d41402abc4b2a76b9719d911017c592"));
  }

  @ParameterizedTest
  @CsvSource({
    "MD5, 5d41402abc4b2a76b9719d911017c59",
    "MD5, 5d41402abc4b2a76b9719d911017c5922",
    "MD5, 5d41402abc4b2a76b9719d911017c59g",
    "SHA-256, 5d41402abc4b2a76b9719d911017c592",
    "SHA-1, da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "md5, 5d41402abc4b2a76b9719d911017c592"
  })
  void digestsThatCanNeverMatchAreRefused(String algorithm, String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new BodyRule.Digest(algorithm, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "(", "[a", "*", "a{2,1}"})
  void expressionsThatAreNoneAreRefusedAtTheCall(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> BodyRule.matching(pattern));
  }

  @Test
  void expressionsAndOffsetsHaveBounds() {
    assertThat(BodyRule.matching("a".repeat(4096)).expression()).isPresent();
    assertThatIllegalArgumentException().isThrownBy(() -> BodyRule.matching("a".repeat(4097)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BodyRule.Expression("a", 0, false, -1, 0))
        .withMessage("min offset must be 0 to 2147483647, not -1");
  }
}
