// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PoolPolicyTest {

  @Test
  void quorumIsGainedAboveAndLostBelow() {
    PoolPolicy policy = PoolPolicy.keepalived().quorum(5, 2);
    assertThat(policy.hasQuorum(false, 6, 10)).isFalse();
    assertThat(policy.hasQuorum(false, 7, 10)).isTrue();
    assertThat(policy.hasQuorum(true, 3, 10)).isTrue();
    assertThat(policy.hasQuorum(true, 2, 10)).isFalse();
  }

  @Test
  void nothingServingIsNoQuorum() {
    assertThat(PoolPolicy.keepalived().hasQuorum(true, 0, 10)).isFalse();
    assertThat(PoolPolicy.keepalived().hasQuorum(false, 1, 10)).isTrue();
  }

  @Test
  void quorumAboveAllWeightsCountsAsAllWeights() {
    PoolPolicy policy = PoolPolicy.keepalived().quorum(100, 0);
    assertThat(policy.hasQuorum(false, 10, 10)).isTrue();
    assertThat(policy.hasQuorum(true, 9, 10)).isFalse();
  }

  @Test
  void hysteresisStaysBelowTheQuorum() {
    assertThat(PoolPolicy.keepalived().quorum(3, 9).hysteresis()).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolPolicy.keepalived().quorum(0, 0))
        .withMessageStartingWith("quorum must be 1 to 2147483647, not 0");
  }

  @Test
  void panicsBelowItsShare() {
    PoolPolicy policy = PoolPolicy.standard();
    assertThat(policy.panics(5, 10)).isFalse();
    assertThat(policy.panics(4, 10)).isTrue();
    assertThat(policy.panics(1, 2)).isFalse();
    assertThat(policy.panics(0, 2)).isTrue();
    assertThat(policy.panics(0, 0)).isFalse();
    assertThat(PoolPolicy.keepalived().panics(0, 10)).isFalse();
  }
}
