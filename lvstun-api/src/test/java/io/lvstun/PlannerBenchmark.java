// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Plans a service with 10,000 real servers against one with 10,000. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlannerBenchmark {

  static final int SERVERS = 10_000;

  private final VirtualService wanted = service(1, false);
  private final Map<ServiceKey, VirtualService> equal = Map.of(wanted.key(), service(1, true));
  private final Map<ServiceKey, VirtualService> other = Map.of(wanted.key(), service(2, true));

  /** The kernel reports the servers last first. */
  private static VirtualService service(int weight, boolean reversed) {
    List<RealServer> servers = new ArrayList<>(SERVERS);
    for (int i = 0; i < SERVERS; i++) {
      servers.add(RealServer.tunnel("172.16." + i / 250 + "." + (i % 250 + 1)).weight(weight));
    }
    if (reversed) {
      Collections.reverse(servers);
    }
    return VirtualService.tcp("10.0.0.1", 80).addRealServers(servers);
  }

  /** Nothing has changed. */
  @Benchmark
  public List<Change> nothingChanged() {
    return Planner.converge(List.of(wanted), equal);
  }

  /** Every server has another weight. */
  @Benchmark
  public List<Change> allChanged() {
    return Planner.converge(List.of(wanted), other);
  }
}
