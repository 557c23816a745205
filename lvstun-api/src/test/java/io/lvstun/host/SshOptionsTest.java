// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshOptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"PT0.999999999S", "PT0S", "PT-1S", "PT10M0.000000001S"})
  void timeOutOfRangeIsRefused(String timeout) {
    Duration time = Duration.parse(timeout);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SshOptions.DEFAULTS.connectTimeout(time))
        .withMessage("connectTimeout must be 1 s to 10 min, not " + timeout);
  }

  @Test
  void boundsAreTaken() {
    for (Duration bound : List.of(Duration.ofSeconds(1), Duration.ofMinutes(10))) {
      assertThat(SshOptions.DEFAULTS.connectTimeout(bound).connectTimeout()).isEqualTo(bound);
    }
  }

  @Test
  void filesAreTheSameWhateverFolderAProgramLaterRunsIn() {
    SshOptions options =
        SshOptions.DEFAULTS.configuration(Path.of("ssh_config")).identity(Path.of("id"));
    assertThat(options.configuration()).contains(Path.of("ssh_config").toAbsolutePath());
    assertThat(options.identity()).contains(Path.of("id").toAbsolutePath());
  }

  @Test
  void orderOfSettingThemDoesNotMatter() {
    Duration time = Duration.ofSeconds(3);
    assertThat(SshOptions.DEFAULTS.identity(Path.of("/i")).connectTimeout(time))
        .isEqualTo(SshOptions.DEFAULTS.connectTimeout(time).identity(Path.of("/i")));
  }
}
