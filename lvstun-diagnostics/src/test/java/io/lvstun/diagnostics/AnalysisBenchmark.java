// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Report;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Analyses what was collected from one director and 50 real servers, with the whole catalogue. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 20)
@Fork(1)
public class AnalysisBenchmark {

  private Cluster cluster;

  /** Facts are parsed when they are first asked for: each analysis has facts of its own. */
  @Setup(Level.Iteration)
  public void collect() {
    cluster = Doctor.examine(LargeCluster.topology(LargeCluster.hosts())).collect();
  }

  /** All checks on all 51 hosts. */
  @Benchmark
  public Report analyse() {
    return Doctor.analyse(cluster, check -> true);
  }
}
