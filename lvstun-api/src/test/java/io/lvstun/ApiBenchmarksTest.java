// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.rules.RulesBenchmark;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of this module once, and checks that they do what they say. */
class ApiBenchmarksTest {

  @Test
  void eachBenchmarkRuns() throws RunnerException {
    // JMH is on the class path, and makes objects of classes that it generated.
    Module module = ApiBenchmarksTest.class.getModule();
    module.addOpens("io.lvstun.jmh_generated", Runner.class.getModule());
    module.addOpens("io.lvstun.rules.jmh_generated", Runner.class.getModule());
    assertThat(
            new Runner(
                    new OptionsBuilder()
                        .include("^io\\.lvstun\\.(PlannerBenchmark|rules\\.RulesBenchmark)\\.")
                        .forks(0)
                        .addProfiler(GCProfiler.class)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run())
        .hasSize(4)
        .allSatisfy(
            result ->
                assertThat(result.getSecondaryResults().keySet())
                    .anyMatch(name -> name.endsWith("gc.alloc.rate.norm")));
  }

  @Test
  void plansAreOfTheSizeTheySay() {
    PlannerBenchmark benchmark = new PlannerBenchmark();

    assertThat(benchmark.nothingChanged()).isEmpty();
    assertThat(benchmark.allChanged()).hasSize(PlannerBenchmark.SERVERS);
  }

  @Test
  void rulesAreAsManyAsThereAreObjects() {
    assertThat(new RulesBenchmark().parse()).hasSize(11_000);
  }
}
