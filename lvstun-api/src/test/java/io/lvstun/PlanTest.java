// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final VirtualService DNS = VirtualService.udp("192.0.2.1", 53);

  @Test
  void emptyPlanSaysSo() {
    assertThat(new Plan(List.of(), OnFailure.ROLL_BACK)).hasToString("nothing to do");
    assertThat(new Plan(List.of(), OnFailure.ROLL_BACK).isEmpty()).isTrue();
  }

  @Test
  void whatIsPresentAndNotWantedIsLeft() {
    assertThat(Plan.between(List.of(WEB, DNS), List.of(WEB)).isEmpty()).isTrue();
    assertThat(Plan.between(List.of(DNS), List.of(WEB))).hasToString("+ TCP 192.0.2.1:80 wlc");
  }

  @Test
  void planOnFailureIsAnotherPlan() {
    Plan plan = Plan.between(List.of(), List.of(WEB, DNS));
    assertThat(plan.onFailure()).isEqualTo(OnFailure.ROLL_BACK);
    assertThat(plan.onFailure(OnFailure.KEEP)).isNotEqualTo(plan);
    assertThat(plan.onFailure(OnFailure.KEEP).changes()).isEqualTo(plan.changes());
    assertThat(plan).hasToString("+ TCP 192.0.2.1:80 wlc\n+ UDP 192.0.2.1:53 wlc");
  }
}
