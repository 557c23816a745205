// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.ForeignText;
import io.lvstun.LvsException;
import io.lvstun.diagnostics.cli.terminal.Console;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.FailedException;
import io.lvstun.diagnostics.cli.terminal.UsageException;
import io.lvstun.diagnostics.cli.terminal.Version;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The runner {@code lvstun-doctor}: tells what is wrong with an LVS-TUN cluster, on which host, and
 * the exact fix.
 */
@Command(
    name = "lvstun-doctor",
    description =
        "Tells what is wrong with an LVS-TUN cluster, on which host, why, and how to put it right.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      CheckCommand.class,
      TraceCommand.class,
      ExplainCommand.class,
      ImportCommand.class,
      BundleCommand.class,
      PrepareCommand.class,
      UnprepareCommand.class,
      UndoCommand.class,
      CompletionCommand.class,
      ManualCommand.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing is wrong",
      "1:the doctor itself failed",
      "2:wrong options or input",
      "3:something is broken",
      "4:nothing is broken, but something could be better, or could not be looked at"
    })
public final class LvstunDoctor implements Runnable {

  private final Console console;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private LvstunDoctor(Console console) {
    this.console = console;
  }

  /**
   * Runs a command and ends the process with its exit status.
   *
   * @param args the command and its options; {@code --help} tells
   */
  public static void main(String[] args) {
    Console console = Console.ofProcess();
    int status = run(console, args);
    console.flush();
    System.exit(status);
  }

  /** Runs a command and returns its exit status. */
  static int run(Console console, String... args) {
    return commandLine(console).execute(args);
  }

  static CommandLine commandLine(Console console) {
    CommandLine line = new CommandLine(new LvstunDoctor(console));
    line.setOut(console.out());
    line.setErr(console.err());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(console.outIsTerminal());
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler((e, arguments) -> refused(e));
    line.setExecutionExceptionHandler((e, at, parsed) -> failed(e, at.getErr()));
    return line;
  }

  private static int refused(ParameterException e) {
    PrintWriter err = e.getCommandLine().getErr();
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println(name + ": " + ForeignText.clean(String.valueOf(e.getMessage())));
    err.println("Try " + name + " --help");
    return ExitStatus.USAGE;
  }

  private static int failed(Exception e, PrintWriter err) {
    if (e instanceof ParameterException refused) {
      return refused(refused);
    }
    if (e instanceof UsageException) {
      err.println("lvstun-doctor: " + ForeignText.clean(String.valueOf(e.getMessage())));
      return ExitStatus.USAGE;
    }
    if (e instanceof FailedException || e instanceof LvsException) {
      err.println("lvstun-doctor: " + ForeignText.clean(String.valueOf(e.getMessage())));
    } else {
      err.println("lvstun-doctor: this is a fault of the doctor; please report it:");
      e.printStackTrace(err);
    }
    return ExitStatus.INTERNAL;
  }

  /** Where commands read and write. */
  Console console() {
    return console;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
