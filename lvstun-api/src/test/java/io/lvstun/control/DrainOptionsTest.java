// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrainOptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.000000001S", "PT168H0.000000001S", "PT-1H"})
  void timeOutOfRangeIsNamed(String text) {
    Duration time = Duration.parse(text);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DrainOptions.within(time))
        .withMessage("deadline must be 0 to 7 days, not " + time);
    DrainOptions options = DrainOptions.within(Duration.ZERO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.udpDeadline(time))
        .withMessage("deadline for UDP must be 0 to 7 days, not " + time);
  }

  @Test
  void udpHasTheSameDeadlineUnlessGivenItsOwn() {
    DrainOptions options = DrainOptions.within(Duration.ofDays(7));
    assertThat(options.udpDeadline()).isEqualTo(Duration.ofDays(7));
    assertThat(options.udpDeadline(Duration.ofSeconds(5)))
        .isEqualTo(new DrainOptions(Duration.ofDays(7), Duration.ofSeconds(5), false));
  }

  @Test
  void orderOfSettingsDoesNotMatter() {
    DrainOptions options = DrainOptions.within(Duration.ofMinutes(1));
    assertThat(options.waitsForTemplates(true).udpDeadline(Duration.ZERO))
        .isEqualTo(options.udpDeadline(Duration.ZERO).waitsForTemplates(true));
  }
}
