// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.ForeignText;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.cli.option.BundleFile;
import io.lvstun.diagnostics.cli.option.LimitOptions;
import io.lvstun.diagnostics.cli.option.TopologyOptions;
import io.lvstun.diagnostics.cli.terminal.Console;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.ProgressLine;
import io.lvstun.diagnostics.cli.terminal.Version;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Collects facts into a file. */
@Command(
    name = "bundle",
    description = {
      "Collects the facts of all hosts into one file, to be analysed elsewhere or later with check"
          + " --from-bundle.",
      "Secrets are blotted out. The file still tells addresses, names of hosts and packet filters:"
          + " only you can read it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false)
final class BundleCommand implements Callable<Integer> {

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Mixin private TopologyOptions hosts = new TopologyOptions();
  @Mixin private LimitOptions limits = new LimitOptions();

  @Parameters(paramLabel = "FILE", description = "Where to write it, for example cluster.zip.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path file;

  @Option(
      names = {"-f", "--force"},
      description = "Replace the file if it is there.")
  private boolean force;

  @Override
  public Integer call() {
    limits.validate();
    BundleFile bundle = new BundleFile(file, force);
    bundle.validate();
    Console console = root.console();
    Topology topology = hosts.topology(console.in(), limits.deadline());
    Cluster cluster;
    try (ProgressLine progress = ProgressLine.on(console)) {
      Examination examination = Doctor.examine(topology).progress(progress);
      limits.apply(examination);
      cluster = examination.collect();
    }
    bundle.write(cluster);
    long failed =
        cluster.members().stream()
            .map(Member::facts)
            .filter(facts -> facts.failure().isPresent())
            .count();
    console
        .out()
        .println(
            file
                + ": "
                + (cluster.members().size() - failed)
                + " of "
                + cluster.members().size()
                + " hosts");
    for (Member member : cluster.members()) {
      member
          .facts()
          .failure()
          .ifPresent(why -> console.err().println(member.name() + ": " + ForeignText.clean(why)));
    }
    return failed == 0 ? ExitStatus.OK : ExitStatus.WARN;
  }
}
