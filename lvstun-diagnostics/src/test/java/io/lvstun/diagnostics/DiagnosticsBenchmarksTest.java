// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Report;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs the benchmark of this module shortly, and checks that it does and reaches what it says. */
class DiagnosticsBenchmarksTest {

  @Test
  void aHostIsAnalysedInLessThanATenthOfASecond() throws RunnerException {
    // JMH is on the class path, and makes objects of classes that it generated.
    Module module = DiagnosticsBenchmarksTest.class.getModule();
    module.addOpens("io.lvstun.diagnostics.jmh_generated", Runner.class.getModule());
    Statistics millis =
        new Runner(
                new OptionsBuilder()
                    .include("^io\\.lvstun\\.diagnostics\\.AnalysisBenchmark\\.")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(3)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle()
            .getPrimaryResult()
            .getStatistics();
    // The best: others may use the processors as well.
    assertThat(millis.getMin() / (LargeCluster.SERVERS + 1)).isLessThan(100);
  }

  @Test
  void everyHostIsJudged() {
    AnalysisBenchmark benchmark = new AnalysisBenchmark();
    benchmark.collect();
    Report report = benchmark.analyse();
    assertThat(report.cluster().members()).hasSize(LargeCluster.SERVERS + 1);
    assertThat(report.findings()).hasSizeGreaterThan((LargeCluster.SERVERS + 1) * 30);
  }
}
