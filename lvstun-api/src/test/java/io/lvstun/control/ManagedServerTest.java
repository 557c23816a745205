// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.health.CheckState;
import io.lvstun.health.Health;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.ServerHealth;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagedServerTest {

  private final ManagedServer server = new ManagedServer();

  private static ServerHealth.Checked checked(Health health) {
    HealthPolicy policy = HealthPolicy.keepalived();
    return new ServerHealth.Checked(
        policy, CheckState.start(policy, Instant.EPOCH, 1).adopt(health));
  }

  @ParameterizedTest
  @CsvSource({
    "'', UNKNOWN",
    "UP, UP",
    "'UP UP', UP",
    "'UP UNKNOWN', UNKNOWN",
    "'UNKNOWN UP', UNKNOWN",
    "'UNKNOWN DOWN UP', DOWN",
    "'UP DOWN', DOWN"
  })
  void worstCheckDecidesAndNoCheckIsUnknown(String checks, Health health) {
    for (String each : checks.split(" ", -1)) {
      if (!each.isEmpty()) {
        server.checks.put("check " + server.checks.size(), checked(Health.valueOf(each)));
      }
    }
    assertThat(server.health()).isEqualTo(health);
  }
}
