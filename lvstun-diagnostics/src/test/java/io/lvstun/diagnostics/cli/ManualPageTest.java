// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.cli.terminal.Console;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page, the completion script and the reference know every option. */
class ManualPageTest {

  private static Stream<OptionSpec> options() {
    CommandLine line = CommandLineOf.commandLine();
    return line.getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().helpCommand())
        .flatMap(command -> command.getCommandSpec().options().stream())
        .filter(option -> !option.hidden());
  }

  /** The commands, without running one. */
  private static final class CommandLineOf {
    static CommandLine commandLine() {
      return LvstunDoctor.commandLine(
          new Console(
              java.io.InputStream.nullInputStream(),
              new java.io.PrintWriter(java.io.Writer.nullWriter()),
              new java.io.PrintWriter(java.io.Writer.nullWriter()),
              false,
              false,
              Map.of()));
    }
  }

  @Test
  void manualHasEveryOption() {
    Runner runner = Runner.run("manual");
    assertThat(runner.status()).isZero();
    assertThat(runner.out()).startsWith(".TH LVSTUN-DOCTOR 1").doesNotContain("${");
    options()
        .forEach(
            option ->
                assertThat(runner.out())
                    .contains("\\fB" + option.longestName().replace("-", "\\-") + "\\fR"));
    assertThat(runner.out().lines().filter(line -> line.startsWith(".")))
        .allMatch(line -> line.matches("\\.(TH|SH|SS|TP|B|br)( .*)?"));
    assertThat(runner.out().lines()).noneMatch(String::isBlank);
  }

  @Test
  void referenceHasEveryOption() throws Exception {
    Path page = Path.of("").toAbsolutePath().getParent().resolve("docs/reference/doctor.md");
    String text = Files.readString(page);
    List<String> missing =
        options()
            .flatMap(option -> Arrays.stream(option.names()))
            .filter(name -> !text.contains("`" + name))
            .distinct()
            .toList();
    assertThat(missing).as("options that docs/reference/doctor.md lacks").isEmpty();
    CommandLineOf.commandLine().getSubcommands().keySet().stream()
        .filter(name -> !name.equals("help"))
        .forEach(name -> assertThat(text).contains("`" + name));
  }

  @Test
  void shellsCompleteOptions(@TempDir Path folder) throws Exception {
    Runner runner = Runner.run("completion");
    assertThat(runner.out()).isEqualTo(Runner.run("completion").out());
    Path script = Files.writeString(folder.resolve("completion"), runner.out());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                ". \"$1\"; COMP_WORDS=(lvstun-doctor check --dir); COMP_CWORD=2;"
                    + " _complete_lvstun-doctor; echo \"${COMPREPLY[@]}\"",
                "bash",
                script.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(output).isZero();
    assertThat(output).contains("--director");
  }
}
