// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SteeringRuleTest {

  private static final SteeringRule.Node ASIA =
      new SteeringRule.Node("asia", new Coordinates(1, 2));

  @Test
  void nearestNeedsANode() {
    List<SteeringRule.Node> none = List.of();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SteeringRule.Nearest(none))
        .withMessage("node must be given at least once");
  }

  @Test
  void rulesReadAsALine() {
    assertThat(new SteeringRule.Send(Match.dscp(46), "asia")).hasToString("dscp 46 -> asia");
    assertThat(new SteeringRule.Nearest(List.of(ASIA, ASIA))).hasToString("nearest of asia, asia");
  }

  @Test
  void poolThatIsNotThereIsNamedWithThoseThatAre() {
    Map<String, Pool> pools = Map.of("world", Pool.of("world", service -> service));
    List<SteeringRule> nearest = List.of(new SteeringRule.Nearest(List.of(ASIA)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SteeringRule.check(nearest, pools))
        .withMessage("rule \"nearest of asia\" names pool asia, but the pools are [world]");
    assertThatCode(
            () -> SteeringRule.check(List.of(new SteeringRule.Send(Match.dscp(1), "world")), pools))
        .doesNotThrowAnyException();
  }
}
