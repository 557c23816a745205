// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCommandTest {

  @Test
  void commandMustNameAProgram() {
    assertThatIllegalArgumentException().isThrownBy(HostCommand::of);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostCommand.of(""))
        .withMessage("command must name a program");
  }

  @Test
  void nulEndsNoArgumentEarly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostCommand.of("rm", "/tmp/x\0.bak"))
        .withMessageContaining("NUL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S"})
  void deadlineIsAboveZero(String deadline) {
    HostCommand command = HostCommand.of("true");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> command.deadline(Duration.parse(deadline)))
        .withMessage("deadline must be above 0, not " + deadline);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void outputHasRoom(int bytes) {
    HostCommand command = HostCommand.of("true");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> command.maxOutput(bytes))
        .withMessage("maxOutput must be above 0, not " + bytes);
  }

  @Test
  void argumentsAreCopied() {
    List<String> arguments = new ArrayList<>(List.of("echo", "a"));
    HostCommand command = HostCommand.of(arguments);
    arguments.set(1, "b");
    assertThat(command.arguments()).containsExactly("echo", "a");
  }

  @Test
  void eachSettingKeepsTheOthers() {
    HostCommand command =
        HostCommand.of("cat").input("ä\n").deadline(Duration.ofSeconds(3)).maxOutput(7);
    assertThat(command)
        .isEqualTo(HostCommand.of("cat").maxOutput(7).deadline(Duration.ofSeconds(3)).input("ä\n"));
    assertThat(command.inputBytes()).containsExactly(0xc3, 0xa4, '\n');
    assertThat(command.deadline()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void inputCanBeAnythingThatTextCanHold() {
    String input = "a\0b\r\n\uFFFF";
    assertThat(Host.local().run(HostCommand.of("cat").input(input)).output()).isEqualTo(input);
  }
}
