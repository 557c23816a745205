// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HopTest {

  private static Hop hop(long grown, Hop.State state, String... clues) {
    return new Hop(
        "rs", "rs gets them", "dev.eth0.rx_packets", 8, grown, state, List.of(clues), List.of());
  }

  @Test
  void lineTellsStepCounterAndClues() {
    assertThat(hop(9, Hop.State.PASSED))
        .hasToString("ok     rs gets them: dev.eth0.rx_packets +9 of 8");
    assertThat(hop(0, Hop.State.BROKEN, "Ip.InAddrErrors +8", "x +1"))
        .hasToString("BROKEN rs gets them: dev.eth0.rx_packets +0 of 8; Ip.InAddrErrors +8, x +1");
    assertThat(hop(-1, Hop.State.UNKNOWN))
        .hasToString("?      rs gets them: dev.eth0.rx_packets unknown of 8");
  }

  @Test
  void copiesKeepTheRest() {
    Hop hop = hop(0, Hop.State.BROKEN, "x +1").as(Hop.State.PASSED).saying("other");
    assertThat(hop.state()).isEqualTo(Hop.State.PASSED);
    assertThat(hop.step()).isEqualTo("other");
    assertThat(hop.clues()).containsExactly("x +1");
  }
}
