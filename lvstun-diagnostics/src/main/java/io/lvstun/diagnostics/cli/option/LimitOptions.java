// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.cli.terminal.DurationText;
import io.lvstun.diagnostics.facts.CollectionRequest;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Within what limits hosts are examined.
 *
 * @since 0.1.0
 */
public final class LimitOptions {

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--sample",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = DurationText.class,
      description =
          "Time between the two samples of counters, whole seconds up to 10m (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration sample = Duration.ofSeconds(2);

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationText.class,
      description =
          "How long a host may take, besides the sample, 100ms to 1h (default: ${DEFAULT-VALUE}).")
  private Duration deadline = Duration.ofSeconds(30);

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "64",
      description = "How many hosts are spoken to at the same time (default: ${DEFAULT-VALUE}).")
  private int parallel = 64;

  /** How long a host may take. */
  public Duration deadline() {
    return deadline;
  }

  /** Refuses what is out of range. */
  public void validate() {
    try {
      var unused = CollectionRequest.DEFAULTS.sample(sample).deadline(deadline);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
    if (parallel < 1) {
      throw new ParameterException(
          spec.commandLine(), "--parallel must be at least 1, not " + parallel);
    }
  }

  /** Sets the limits of an examination. */
  public void apply(Examination examination) {
    examination.sample(sample).deadline(deadline).parallelism(parallel);
  }
}
