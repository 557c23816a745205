// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.Version;
import io.lvstun.keepalived.ConfigReader;
import io.lvstun.keepalived.ConfigSyntaxException;
import io.lvstun.keepalived.ImportLoss;
import io.lvstun.keepalived.ImportedConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Turns another program's configuration into a cluster document. No host is spoken to. */
@Command(
    name = "import",
    description =
        "Prints the configuration of keepalived as a cluster document, and what it cannot carry.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false)
final class ImportCommand implements Callable<Integer> {

  private static final String KEEPALIVED = "keepalived";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Parameters(index = "0", paramLabel = "PROGRAM", description = "Whose: keepalived.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String program;

  @Parameters(index = "1", paramLabel = "FILE", description = "The main file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path file;

  @Option(
      names = {"-i", "--config-id"},
      paramLabel = "ID",
      description = "Takes the lines of this host, @ID; what keepalived -i is given.")
  private @Nullable String id;

  @Override
  public Integer call() {
    if (!program.equals(KEEPALIVED)) {
      throw new ParameterException(
          spec.commandLine(), "only keepalived's configuration can be imported, not " + program);
    }
    ConfigReader reader = ConfigReader.onDisk();
    ImportedConfig imported;
    try {
      imported = (id == null ? reader : reader.configId(id)).read(file.toString());
    } catch (ConfigSyntaxException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    PrintWriter out = root.console().out();
    out.print(ImportedCluster.document(imported.config(), file.toString()));
    if (!imported.losses().isEmpty()) {
      out.println("# Not carried over:");
      for (ImportLoss loss : imported.losses()) {
        out.println("# " + loss.kind() + " " + loss);
      }
    }
    out.flush();
    return imported.losses().isEmpty() ? ExitStatus.OK : ExitStatus.WARN;
  }
}
