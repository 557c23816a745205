// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Change;
import io.lvstun.VirtualService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhasesTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80)
          .addRealServer("198.51.100.1")
          .tunnel()
          .addRealServer("198.51.100.2")
          .weight(2)
          .tunnel();

  private static VirtualService weights(int first, int second) {
    return WEB.realServer("198.51.100.1", server -> server.weight(first))
        .realServer("198.51.100.2", server -> server.weight(second));
  }

  @Test
  void whatTakesCapacityComesLast() {
    VirtualService wanted =
        WEB.removeRealServer("198.51.100.1")
            .realServer("198.51.100.2", server -> server.weight(0))
            .addRealServer("198.51.100.3")
            .tunnel();
    Phases phases = Phases.between(WEB, wanted);
    assertThat(phases.raises()).hasToString("[+ TCP 192.0.2.1:80 -> 198.51.100.3:80 Tunnel 1]");
    assertThat(phases.lowers())
        .extracting(Change::toString)
        .containsExactlyInAnyOrder(
            "~ TCP 192.0.2.1:80 -> 198.51.100.2:80 Tunnel 2 => 198.51.100.2:80 Tunnel 0",
            "- TCP 192.0.2.1:80 -> 198.51.100.1:80");
  }

  @Test
  void lowerWeightThatIsNotZeroIsNoLoss() {
    assertThat(Phases.between(weights(9, 9), weights(1, 9)).lowers()).isEmpty();
    assertThat(Phases.between(weights(0, 9), weights(0, 9)).lowers()).isEmpty();
    assertThat(Phases.between(null, WEB).lowers()).isEmpty();
    assertThat(Phases.between(null, WEB).raises()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 0, 2, true",
    "1, 2, 0, 0, false",
    "0, 2, 0, 0, false",
    "0, 0, 0, 0, true",
    "0, 2, 5, 0, true"
  })
  void tableThatWouldServeNobodyIsSeenBeforeItIsWritten(
      int first, int second, int firstWanted, int secondWanted, boolean serves) {
    VirtualService present = weights(first, second);
    VirtualService wanted = weights(firstWanted, secondWanted);
    Phases phases = Phases.between(present, wanted);
    VirtualService raised = firstWanted > first ? weights(firstWanted, second) : present;
    assertThat(phases.leavesServing(raised)).isEqualTo(serves);
  }

  @Test
  void removalOfTheLastServerServesNobody() {
    Phases phases = Phases.between(WEB, WEB.withoutRealServers());
    assertThat(phases.leavesServing(WEB)).isFalse();
    assertThat(phases.leavesServing(WEB.addRealServer("198.51.100.3").tunnel())).isTrue();
    assertThat(phases.leavesServing(null)).as("there is no service to lose").isTrue();
  }
}
