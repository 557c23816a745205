// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "PT8S, PT2S",
    "PT2S, PT0.5S",
    "PT0.8S, PT0.2S",
    "PT0.4S, PT0.2S",
    "PT0.2S, PT0.2S",
    "PT0.1S, PT0.1S",
    "PT0.001S, PT0.001S"
  })
  void suspectsAreCheckedFasterButNotTooFast(Duration interval, Duration fast) {
    Pace pace = HealthPolicy.riseAndFall(2, 3, interval).pace();
    assertThat(pace.falling()).isEqualTo(fast);
    assertThat(pace.rising()).isEqualTo(fast);
    assertThat(pace.interval()).isEqualTo(interval);
    assertThat(pace.down()).isEqualTo(interval);
  }

  @Test
  void retriesOfKeepalivedComeOnTopOfTheFirstFailure() {
    HealthPolicy policy = HealthPolicy.keepalived(Duration.ofSeconds(10), 3, Duration.ofSeconds(2));
    assertThat(policy.thresholds()).isEqualTo(new Thresholds(1, 4, 1, 1));
    assertThat(policy.pace().falling()).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.pace().spacing()).isEqualTo(Pace.Spacing.END_TO_START);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HealthPolicy.keepalived(Duration.ofSeconds(1), -1, Duration.ZERO));
  }

  @Test
  void slowRetriesOfHttpSlowDownTheChecksOfAServerThatIsDown() {
    Duration loop = Duration.ofSeconds(6);
    assertThat(HealthPolicy.keepalivedHttp(2, loop, 1, Duration.ofSeconds(9), false).pace().down())
        .isEqualTo(Duration.ofSeconds(9));
    assertThat(HealthPolicy.keepalivedHttp(2, loop, 1, Duration.ofSeconds(3), true).pace().down())
        .isEqualTo(loop);
    assertThat(HealthPolicy.keepalivedHttp(2, loop, 1, loop, true).pace().rising()).isZero();
    assertThat(HealthPolicy.keepalivedHttp(2, loop, 1, loop, false).thresholds().rise())
        .isEqualTo(2);
  }

  @Test
  void alphaStartsDownAndNeedsEveryRise() {
    HealthPolicy policy = HealthPolicy.riseAndFall(3, 2, Duration.ofSeconds(1)).alpha();
    assertThat(policy.startsUp()).isFalse();
    assertThat(policy.thresholds()).isEqualTo(new Thresholds(3, 2, 3, 1));
  }

  @Test
  void eachSettingKeepsTheOthers() {
    HealthPolicy policy = HealthPolicy.standard();
    assertThat(policy.inhibitOnFailure().reportEachFailure().jitter(0.1).warmup(Duration.ZERO))
        .isEqualTo(policy.warmup(Duration.ZERO).jitter(0.1).reportEachFailure().inhibitOnFailure());
    assertThatIllegalArgumentException().isThrownBy(() -> policy.jitter(0.51));
  }
}
