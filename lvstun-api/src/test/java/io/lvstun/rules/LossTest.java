// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossTest {

  @Test
  void lossOfTheWholeTextHasNoTarget() {
    assertThat(new Loss(Loss.Kind.TIMEOUTS, "", "why")).hasToString("why");
    assertThat(new Loss(Loss.Kind.SERVER, "10.0.0.1:80", "why")).hasToString("10.0.0.1:80: why");
    assertThat(new Loss(Loss.Kind.PORT, "", "why"))
        .isNotEqualTo(new Loss(Loss.Kind.WEIGHT, "", "why"));
  }
}
