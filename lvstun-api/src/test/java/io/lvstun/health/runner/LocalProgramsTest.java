// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.health.CommandCheck;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LocalProgramsTest {

  private static int run(Duration timeout, String... command) throws IOException {
    return new LocalPrograms().run(CommandCheck.of(timeout, command));
  }

  @Test
  void statusIsThatOfTheProgram() throws IOException {
    assertThat(run(Duration.ofSeconds(20), "true")).isZero();
    assertThat(run(Duration.ofSeconds(20), "sh", "-c", "echo x; exit 7")).isEqualTo(7);
  }

  @Test
  void programThatHangsIsKilledAndFails() throws IOException {
    assertThat(run(Duration.ofMillis(50), "sleep", "600")).isEqualTo(-1);
  }

  @Test
  void programThatIsMissingCannotCheck() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> run(Duration.ofSeconds(20), "lvstun-no-such-program"))
        .withMessageContaining("lvstun-no-such-program");
  }

  @Test
  void argumentsAreNoShells() throws IOException {
    assertThat(run(Duration.ofSeconds(20), "test", "$(id)", "=", "$(id)")).isZero();
  }

  @Test
  void interruptEndsItAndStays() throws IOException {
    Thread.currentThread().interrupt();
    assertThat(run(Duration.ofSeconds(20), "sleep", "600")).isEqualTo(-1);
    assertThat(Thread.interrupted()).isTrue();
  }
}
