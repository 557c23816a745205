// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HexPatternTest {

  @Test
  void readsWhatKeepalivedsManualShows() {
    assertThat(HexPattern.parse("Ab12f 3 456 546443123")).hasToString("ab120f0345065464431203");
  }

  @Test
  void wildcardsLeaveHalfBytesOpen() {
    HexPattern pattern = HexPattern.parse("aX Xb xx");
    assertThat(pattern.hasWildcards()).isTrue();
    assertThat(pattern.matches(new byte[] {(byte) 0xa7, 0x3b, 0x55})).isTrue();
    assertThat(pattern.matches(new byte[] {(byte) 0xb7, 0x3b, 0x55})).isFalse();
    assertThat(pattern).isEqualTo(HexPattern.parse("ax xB XX")).hasToString("aXXbXX");
  }

  @Test
  void comparesAsFarAsBothGo() {
    assertThat(HexPattern.parse("0102").matches(new byte[] {1})).isTrue();
    assertThat(HexPattern.parse("01").matches(new byte[] {1, 2})).isTrue();
    assertThat(HexPattern.of(new byte[] {1, 2}).matches(new byte[] {1, 3})).isFalse();
    assertThat(HexPattern.parse("").length()).isZero();
  }

  @Test
  void refusesOtherText() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HexPattern.parse("0g\n"))
        .withMessage("pattern must consist of hexadecimal digits, X and spaces, not \"0g \"");
  }
}
