// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DriverOptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999999S", "PT1H0.000000001S"})
  void deadlineOutOfRangeIsRefused(String text) {
    Duration deadline = Duration.parse(text);
    Optional<NetworkNamespace> here = Optional.empty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DriverOptions(here, deadline))
        .withMessage("deadline must be 1 ms to 1 hour, not " + deadline);
  }

  @Test
  void boundsAreTakenAndTheDefaultIsThisNamespace() {
    for (Duration bound : List.of(Duration.ofMillis(1), Duration.ofHours(1))) {
      assertThat(new DriverOptions(Optional.empty(), bound).deadline()).isEqualTo(bound);
    }
    assertThat(DriverOptions.defaults())
        .isEqualTo(new DriverOptions(Optional.empty(), Duration.ofSeconds(5)));
  }
}
