// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.Version;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Prints what makes shells complete commands and options. */
@Command(
    name = "completion",
    description =
        "Prints the completion script for bash and zsh: source <(lvstun-doctor completion)",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CompletionCommand implements Callable<Integer> {

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Override
  public Integer call() {
    PrintWriter out = root.console().out();
    // It has the time and version of its making in comments; without, the same release prints the
    // same.
    AutoComplete.bash("lvstun-doctor", LvstunDoctor.commandLine(root.console()))
        .lines()
        .filter(line -> !line.startsWith("# ") || !line.contains("picocli"))
        .forEach(line -> out.print(line + "\n"));
    out.flush();
    return ExitStatus.OK;
  }
}
