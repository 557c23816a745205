// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardingTest {

  @ParameterizedTest
  @CsvSource({
    "0, Masq",
    "1, Local",
    "2, Tunnel",
    "3, Route",
    "4, Bypass",
    "5, method-5",
    "6, method-6",
    "7, method-7"
  })
  void codesAreTheKernels(int code, String text) {
    Forwarding forwarding = Forwarding.observed(code, Encapsulation.ipip());
    assertThat(forwarding.code()).isEqualTo(code);
    assertThat(forwarding).hasToString(text);
    assertThat(Forwarding.observed(code | 0xfff8, Encapsulation.ipip())).isEqualTo(forwarding);
  }

  @Test
  void observedMethodsEqualWantedOnes() {
    assertThat(Forwarding.observed(0, Encapsulation.gue(1))).isEqualTo(Forwarding.MASQUERADE);
    assertThat(Forwarding.observed(3, Encapsulation.gue(1))).isEqualTo(Forwarding.DIRECT_ROUTING);
    assertThat(Forwarding.observed(2, Encapsulation.ipip())).isEqualTo(Forwarding.TUNNEL);
    assertThat(Forwarding.observed(2, Encapsulation.gre()))
        .isEqualTo(new Forwarding.Tunnel(Encapsulation.gre()));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 2, 3, 8, 99})
  void otherMethodHasNoCodeOfAKnownOne(int code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Forwarding.Other(code))
        .withMessage("forwarding code must be 1, 4, 5, 6 or 7, not " + code);
  }
}
