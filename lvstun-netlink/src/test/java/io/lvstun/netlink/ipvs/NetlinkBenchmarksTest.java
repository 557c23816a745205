// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of this module once, and holds encoding to making no objects. */
class NetlinkBenchmarksTest {

  /**
   * How long the compiler may take on a busy machine; the first block without any object ends it.
   */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static final int BLOCK = 100;

  @Test
  void eachBenchmarkRuns() throws RunnerException {
    // JMH is on the class path, and makes objects of classes that it generated.
    Module module = NetlinkBenchmarksTest.class.getModule();
    module.addOpens("io.lvstun.netlink.ipvs.jmh_generated", Runner.class.getModule());
    assertThat(
            new Runner(
                    new OptionsBuilder()
                        .include("^io\\.lvstun\\.netlink\\..*Benchmark\\.")
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
  void theBenchmarkOfDecodingReadsWhatItWrote() {
    assertThat(new DecodeBenchmark().servers())
        .hasSize(DecodeBenchmark.SERVERS)
        .first()
        .hasToString("172.16.0.1:80 Tunnel 1 3 4");
  }

  @Test
  void encodingServersMakesNoObjectsInTheEnd() throws Throwable {
    assertThat(leastAllocated(new EncodeBenchmark()::servers)).isZero();
  }

  @Test
  void encodingServersOfIpv6MakesNoObjectsInTheEnd() throws Throwable {
    assertThat(leastAllocated(new EncodeBenchmark()::serversOfIpv6)).isZero();
  }

  @Test
  void encodingServicesMakesNoObjectsInTheEnd() throws Throwable {
    assertThat(leastAllocated(new EncodeBenchmark()::services)).isZero();
  }

  /** Bytes allocated by the block of calls that allocated least. */
  private static long leastAllocated(IntSupplier work) throws Throwable {
    MethodHandle allocated = allocatedByThisThread();
    long least = Long.MAX_VALUE;
    long written = 0;
    long start = System.nanoTime();
    while (least > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
      long before = (long) allocated.invokeExact();
      for (int j = 0; j < BLOCK; j++) {
        written += work.getAsInt();
      }
      least = Math.min(least, (long) allocated.invokeExact() - before);
    }
    assertThat(written).isPositive();
    return least;
  }

  /** By name, because the module does not need java.management for anything else. */
  private static MethodHandle allocatedByThisThread() throws ReflectiveOperationException {
    Object threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    return MethodHandles.publicLookup()
        .findVirtual(
            Class.forName("com.sun.management.ThreadMXBean"),
            "getCurrentThreadAllocatedBytes",
            MethodType.methodType(long.class))
        .bindTo(threads);
  }
}
