// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UdpCheckTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static UdpCheck lengths(int least, int most) {
    return new UdpCheck(
        CheckPath.direct(), SECOND, Optional.empty(), true, Optional.empty(), least, most);
  }

  @Test
  void payloadIsSentAndSoHasNoWildcards() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UdpCheck.of(CheckPath.direct(), SECOND, "01 XX", "02"))
        .withMessageStartingWith("payload must have no wildcards");
    assertThat(UdpCheck.of(CheckPath.direct(), SECOND, "01 02", "XX 02").expected()).isPresent();
  }

  @Test
  void expectedReplyIsRequired() {
    Optional<HexPattern> expected = Optional.of(HexPattern.parse("01"));
    Optional<HexPattern> none = Optional.empty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UdpCheck(CheckPath.direct(), SECOND, none, false, expected, 0, 10))
        .withMessage("an expected reply needs replyRequired");
  }

  @Test
  void lengthsAreThoseOfADatagramAndInOrder() {
    assertThat(lengths(65507, 65507).minLength()).isEqualTo(65507);
    assertThatIllegalArgumentException().isThrownBy(() -> lengths(2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> lengths(0, 65508));
    assertThatIllegalArgumentException().isThrownBy(() -> lengths(-1, 5));
  }
}
