// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostScriptTest {

  private record Answering(CommandResult result, AtomicReference<HostCommand> asked)
      implements Host {

    @Override
    public String specification() {
      return "netns:x";
    }

    @Override
    public String label() {
      return "x";
    }

    @Override
    public CommandResult run(HostCommand command) {
      asked.set(command);
      return result;
    }
  }

  private static HostScript script(CommandResult result) {
    return new HostScript(new Answering(result, new AtomicReference<>()));
  }

  private static CommandResult result(int status, String output, String errors) {
    return new CommandResult(status, output, errors, false, false, Duration.ZERO);
  }

  @Test
  void argumentsAreNeverTextOfTheShell() {
    AtomicReference<HostCommand> asked = new AtomicReference<>();
    new HostScript(new Answering(result(0, "", ""), asked)).call("look", "$(id)", "a b", "");
    assertThat(asked.get().arguments())
        .containsExactly(
            "/bin/sh", "-c", "eval \"$(cat)\"", "lvstun-repair", "", "look", "$(id)", "a b", "");
  }

  @Test
  void onlyMarkedLinesAreTheAnswer() {
    HostScript.Answer answer =
        script(result(0, "banner\n= one 1\n== no\n= two\n! why\n", "warning")).call("look");
    assertThat(answer.successful()).isTrue();
    assertThat(answer.lines()).containsExactly("one 1", "two");
    assertThat(answer.problem()).isEmpty();
    assertThat(answer.words("one")).containsExactly("one", "1");
    assertThat(answer.words("on")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'! busy', '', busy",
    "'', 'ip: no', 'ip: no'",
    "'! busy', 'ip: no', 'ip: no (busy)'",
    "'', '', ''"
  })
  void problemIsWhatScriptAndToolsSaid(String output, String errors, String problem) {
    HostScript.Answer answer = script(result(75, output, errors)).call("begin");
    assertThat(answer.successful()).isFalse();
    assertThat(answer.code()).isEqualTo(75);
    assertThat(answer.problem()).isEqualTo(problem);
  }

  @Test
  void problemSteersNoTerminal() {
    assertThat(script(result(1, "", "\u001b[31mno\u009b")).call("look").problem())
        .isEqualTo("?[31mno?");
  }

  @Test
  void connectionThatFailsIsNoAnswerOfTheScript() {
    for (int status : new int[] {255, 127}) {
      assertThatThrownBy(() -> script(result(status, "", "Connection refused")).call("look"))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("Connection refused")
          .hasMessageContaining("undo takes it back");
      assertThat(script(result(status, "! the script's own", "")).call("look").code())
          .isEqualTo(status);
    }
  }

  @Test
  void silenceAndFloodAreNoAnswers() {
    assertThatThrownBy(
            () -> script(new CommandResult(0, "", "", true, false, Duration.ZERO)).call("look"))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("no answer within 60 s");
    assertThatThrownBy(
            () -> script(new CommandResult(0, "= a", "", false, true, Duration.ZERO)).call("look"))
        .isInstanceOf(HostException.class);
  }
}
