// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HighAvailabilityTest {

  @Test
  void textsAreReadBack() {
    for (HighAvailability each : HighAvailability.values()) {
      assertThat(HighAvailability.parse(each.toString())).isEqualTo(each);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "VRRP", " vrrp", "bgp"})
  void otherTextsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HighAvailability.parse(text))
        .withMessage("highAvailability must be vrrp, ecmp or unstated");
  }
}
