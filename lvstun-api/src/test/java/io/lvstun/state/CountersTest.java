// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountersTest {

  @Test
  void zeroFiguresAreShared() {
    assertThat(Counters.of(0, 0, 0, 0, 0)).isSameAs(Counters.ZERO);
    assertThat(Rates.of(0, 0, 0, 0, 0)).isSameAs(Rates.ZERO);
    assertThat(Counters.of(0, 0, 0, 0, 1)).isEqualTo(new Counters(0, 0, 0, 0, 1));
    assertThat(Rates.of(1, 2, 3, 4, 5)).isEqualTo(new Rates(1, 2, 3, 4, 5));
    assertThat(Counters.of(-1, 0, 0, 0, 0).connections()).isEqualTo(-1);
  }

  @Test
  void figuresOf64BitsStayWhole() {
    Counters most = Counters.of(-1, -1, -1, -1, -1);
    assertThat(Long.toUnsignedString(most.outBytes())).isEqualTo("18446744073709551615");
    assertThat(most).isEqualTo(new Counters(-1, -1, -1, -1, -1)).isNotEqualTo(Counters.ZERO);
  }
}
