// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.cli.option.BundleFile;
import io.lvstun.diagnostics.cli.option.FilterOptions;
import io.lvstun.diagnostics.cli.option.FixOptions;
import io.lvstun.diagnostics.cli.option.LimitOptions;
import io.lvstun.diagnostics.cli.option.OutputOptions;
import io.lvstun.diagnostics.cli.option.TopologyOptions;
import io.lvstun.diagnostics.cli.terminal.DurationText;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.Pause;
import io.lvstun.diagnostics.cli.terminal.ProgressLine;
import io.lvstun.diagnostics.cli.terminal.UsageException;
import io.lvstun.diagnostics.cli.terminal.Version;
import io.lvstun.diagnostics.model.Category;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Verdict;
import io.lvstun.diagnostics.probe.Probes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Examines a cluster and reports. */
@Command(
    name = "check",
    description = {
      "Examines directors and real servers, and reports what is wrong, causes first.",
      "Without --fix, nothing is changed on any host."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {

  /** From which verdict on the exit status tells of a failure. */
  enum FailOn {
    FAIL,
    WARN,
    NEVER
  }

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Mixin private TopologyOptions hosts = new TopologyOptions();
  @Mixin private FilterOptions filters = new FilterOptions();
  @Mixin private LimitOptions limits = new LimitOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private FixOptions fix = new FixOptions();

  @Option(
      names = "--from-bundle",
      paramLabel = "FILE",
      description = "Analyse the facts of this file; no host is spoken to. - is standard input.")
  private @Nullable String fromBundle;

  @Option(
      names = "--save-bundle",
      paramLabel = "FILE",
      description = "Also save the facts, for --from-bundle or for somebody else to look at.")
  private @Nullable Path saveBundle;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "Examine again, every 5 seconds, until the exit status is 0 or this time has passed.")
  private Duration wait = Duration.ZERO;

  @Option(
      names = "--fail-on",
      paramLabel = "WHAT",
      defaultValue = "FAIL",
      description =
          "fail: exit with 3 if something is broken, with 4 if something could be better. warn: 3"
              + " for both. never: 0 for both (default: fail).")
  private FailOn failOn = FailOn.FAIL;

  @Option(
      names = "--no-probes",
      description =
          "Send no packets. Otherwise TCP connections from vantage hosts (HTTP's GET /, and one"
              + " with 64 kB of header lines), and echo requests through the tunnels from"
              + " directors.")
  private boolean noProbes;

  @Override
  public Integer call() {
    output.validate();
    limits.validate();
    fix.validate(fromBundle == null);
    if (saveBundle != null) {
      new BundleFile(saveBundle, true).validate();
    }
    Report report = fromBundle == null ? examined() : analysed(fromBundle);
    output.write(report, root.console());
    return status(report.verdict());
  }

  private Report analysed(String file) {
    if (hosts.given() || saveBundle != null || !wait.isZero()) {
      throw new UsageException("--from-bundle stands alone: it has the hosts and their facts");
    }
    Cluster cluster = BundleFile.read(file, root.console().in());
    filters.validate(cluster.topology());
    Report report = filters.apply(Doctor.analyse(cluster, filters::selects));
    return fix.wanted() ? fix.run(report, () -> report, output.notes(root.console())) : report;
  }

  private Report examined() {
    Topology topology = hosts.topology(root.console().in(), limits.deadline());
    filters.validate(topology);
    try (ProgressLine progress = output.progress(root.console())) {
      long end = System.nanoTime() + wait.toNanos();
      Report report = examined(topology, progress);
      while (status(report.verdict()) != ExitStatus.OK && Pause.until(end)) {
        report = examined(topology, progress);
      }
      if (fix.wanted()) {
        report = fix.run(report, () -> examined(topology, progress), output.notes(root.console()));
      }
      if (saveBundle != null) {
        new BundleFile(saveBundle, true).write(report.cluster());
      }
      return report;
    }
  }

  private Report examined(Topology topology, ProgressLine progress) {
    Examination examination =
        Doctor.examine(topology).selecting(filters::selects).progress(progress);
    limits.apply(examination);
    // They build on one another: all of them, or none.
    if (!noProbes
        && Catalogue.checks().stream()
            .anyMatch(check -> check.category() == Category.PROBE && filters.selects(check))) {
      Probes.all().forEach(examination::probe);
    }
    return filters.apply(examination.run());
  }

  private int status(Verdict verdict) {
    if (verdict == Verdict.PASS || failOn == FailOn.NEVER) {
      return ExitStatus.OK;
    }
    return verdict == Verdict.FAIL || failOn == FailOn.WARN ? ExitStatus.FAIL : ExitStatus.WARN;
  }
}
