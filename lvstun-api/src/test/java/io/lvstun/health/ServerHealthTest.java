// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerHealthTest {

  private static final HealthPolicy POLICY = HealthPolicy.keepalived();

  private static ServerHealth.Checked checked(HealthPolicy policy, Health health) {
    return new ServerHealth.Checked(
        policy, CheckState.start(policy, Instant.EPOCH, 1).adopt(health));
  }

  private static ServerHealth.Checked shifted(WeightShift shift) {
    CheckState state = CheckState.start(POLICY, Instant.EPOCH, 1);
    CheckResult result = CheckResult.passed("", Duration.ZERO).shift(shift);
    return new ServerHealth.Checked(
        POLICY, state.after(POLICY, Instant.EPOCH, Instant.EPOCH, result).state());
  }

  @Test
  void oneFailedCheckIsEnough() {
    assertThat(
            ServerHealth.of(5, List.of(checked(POLICY, Health.UP), checked(POLICY, Health.DOWN))))
        .isEqualTo(new ServerHealth(Health.DOWN, false, false, 5));
    assertThat(
            ServerHealth.of(
                    5, List.of(checked(POLICY, Health.DOWN), checked(POLICY, Health.UNKNOWN)))
                .health())
        .isEqualTo(Health.DOWN);
  }

  @Test
  void unknownServesUnlessProofIsWanted() {
    assertThat(ServerHealth.of(1, List.of(checked(POLICY, Health.UNKNOWN))))
        .isEqualTo(new ServerHealth(Health.UNKNOWN, true, false, 1));
    assertThat(ServerHealth.of(1, List.of(checked(POLICY.alpha(), Health.UNKNOWN))).serving())
        .isFalse();
    assertThat(ServerHealth.of(1, List.of(checked(POLICY.alpha(), Health.UP))).serving()).isTrue();
  }

  @Test
  void serverWithoutChecksServes() {
    assertThat(ServerHealth.of(3, List.of()))
        .isEqualTo(new ServerHealth(Health.UP, true, false, 3));
  }

  @Test
  void inhibitsIfACheckSaysSo() {
    assertThat(
            ServerHealth.of(1, List.of(checked(POLICY.inhibitOnFailure(), Health.DOWN))).inhibits())
        .isTrue();
  }

  @Test
  void shiftsAddUpAsKeepalivedsDo() {
    // misc_dynamic of 10 on a configured 4, and a file that adds 3: 4 + 6 + 3.
    assertThat(
            ServerHealth.of(4, List.of(shifted(WeightShift.to(10)), shifted(WeightShift.by(3))))
                .weight())
        .isEqualTo(13);
    assertThat(ServerHealth.of(4, List.of(shifted(WeightShift.by(-100)))).weight()).isZero();
    assertThat(ServerHealth.of(4, List.of(shifted(WeightShift.by(Integer.MAX_VALUE)))).weight())
        .isEqualTo(65535);
  }

  @Test
  void weightsHaveBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeightShift.to(65536))
        .withMessage("weight must be 0 to 65535, not 65536");
    assertThatIllegalArgumentException().isThrownBy(() -> ServerHealth.of(-1, List.of()));
  }
}
