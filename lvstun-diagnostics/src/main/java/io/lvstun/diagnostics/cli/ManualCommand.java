// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.Version;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Prints the manual page. */
@Command(
    name = "manual",
    description = "Prints the manual page: lvstun-doctor manual | man -l -",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ManualCommand implements Callable<Integer> {

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Override
  public Integer call() {
    PrintWriter out = root.console().out();
    out.print(ManualPage.write(LvstunDoctor.commandLine(root.console()), Version.text()));
    out.flush();
    return ExitStatus.OK;
  }
}
