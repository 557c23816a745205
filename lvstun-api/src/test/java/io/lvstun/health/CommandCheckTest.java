// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandCheckTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void commandBeginsWithAProgramAndHasNoNul() {
    assertThatIllegalArgumentException().isThrownBy(() -> CommandCheck.of(SECOND));
    assertThatIllegalArgumentException().isThrownBy(() -> CommandCheck.of(SECOND, "", "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommandCheck.of(SECOND, "check", "a\0b"))
        .withMessage("command must not contain a NUL");
  }

  @Test
  void groupNeedsAUser() {
    List<String> command = List.of("check");
    Optional<String> nobody = Optional.empty();
    Optional<String> web = Optional.of("web");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CommandCheck(command, SECOND, false, nobody, web))
        .withMessage("a group needs a user");
    assertThat(new CommandCheck(command, SECOND, false, web, web).group()).contains("web");
  }

  @Test
  void dynamicWeightKeepsTheRestAndArgumentsAreNotShown() {
    CommandCheck check = CommandCheck.of(SECOND, "check", "--password", "secret");
    assertThat(check.dynamicWeight().command()).isEqualTo(check.command());
    assertThat(check.dynamicWeight()).isNotEqualTo(check);
    assertThat(check.describe()).isEqualTo("command check");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.000999999S", "PT24H0.001S"})
  void timeoutHasBounds(String timeout) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommandCheck.of(Duration.parse(timeout), "check"));
  }
}
