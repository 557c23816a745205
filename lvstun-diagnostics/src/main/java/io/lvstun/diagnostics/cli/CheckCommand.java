// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.Report;
import io.lvstun.diagnostics.Topology;
import io.lvstun.diagnostics.Verdict;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Examines a cluster and reports. */
@Command(
    name = "check",
    description = {
      "Examines directors and real servers, and reports what is wrong, causes first.",
      "Nothing is changed on any host."
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

  @Override
  public Integer call() {
    output.validate();
    limits.validate();
    Topology topology = hosts.topology(root.console().in(), limits.deadline());
    filters.validate(topology);
    try (ProgressLine progress = output.progress(root.console())) {
      long end = System.nanoTime() + wait.toNanos();
      Report report = examine(topology, progress);
      while (status(report.verdict()) != ExitStatus.OK && Pause.until(end)) {
        report = examine(topology, progress);
      }
      progress.close();
      output.write(report, root.console());
      return status(report.verdict());
    }
  }

  private Report examine(Topology topology, ProgressLine progress) {
    Examination examination =
        Doctor.examine(topology).selecting(filters::selects).progress(progress);
    limits.apply(examination);
    return filters.apply(examination.run());
  }

  private int status(Verdict verdict) {
    if (verdict == Verdict.PASS || failOn == FailOn.NEVER) {
      return ExitStatus.OK;
    }
    return verdict == Verdict.FAIL || failOn == FailOn.WARN ? ExitStatus.FAIL : ExitStatus.WARN;
  }
}
