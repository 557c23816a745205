// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

  @TempDir Path folder;

  @Test
  void commandIsUndoneByItsOpposite() {
    RunCommand command = new RunCommand(List.of("a", "b c"), List.of("d"), Risk.DISRUPTIVE);
    assertThat(command.text()).isEqualTo("a 'b c'");
    assertThat(command.blind()).isTrue();
    assertThat(command.atBoot()).isTrue();
    assertThat(RunCommand.once(List.of("a"), List.of(), Risk.SAFE).atBoot()).isFalse();
    assertThat(command.operation(HostChange.UNKNOWN, "done")).containsExactly("run", "a", "b c");
    assertThat(command.operation("done", HostChange.UNKNOWN)).containsExactly("run", "d");
  }

  @Test
  void wordsReachTheProgramAsTheyAre() {
    FolderHost host =
        new FolderHost(folder).program("note", "printf '<%s>' \"$@\" >\"$ROOT/noted\"");
    RunCommand command =
        new RunCommand(
            List.of("note", "", "$(id)", "a  b", "*", "'"), List.of("note", "undone"), Risk.SAFE);
    AppliedChange applied = command.apply(host);
    assertThat(host.read("noted")).isEqualTo("<><$(id)><a  b><*><'>");
    assertThat(command.holds(host)).as("nobody can see it").isFalse();
    assertThat(applied.undo()).isTrue();
    assertThat(host.read("noted")).isEqualTo("<undone>");
  }

  @Test
  void commandWithoutOppositeSaysSoWhenUndone() {
    FolderHost host = new FolderHost(folder).program("note", "exit 0");
    AppliedChange applied = RunCommand.once(List.of("note"), List.of(), Risk.SAFE).apply(host);
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(applied::undo)
        .withMessageContaining("no command undoes it");
  }

  @Test
  void whatTheProgramSaysIsTheReason() {
    FolderHost host =
        new FolderHost(folder).program("note", "echo 'no such \033[31mcard' >&2; exit 9");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new RunCommand(List.of("note"), List.of(), Risk.SAFE).apply(host))
        .withMessageContaining("no such card")
        .withMessageContaining("status 9");
  }

  @Test
  void commandNamesAProgramAndIsCopied() {
    List<String> words = new ArrayList<>(List.of("a"));
    RunCommand command = new RunCommand(words, words, Risk.SAFE);
    words.add("b");
    assertThat(command.command()).containsExactly("a");
    assertThat(command.undo()).containsExactly("a");
    List<String> none = List.of();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RunCommand(none, none, Risk.SAFE))
        .withMessage("command must name a program");
  }
}
