// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.RealServer;
import io.lvstun.VirtualService;
import java.util.ArrayList;
import java.util.List;
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

/** Reads and writes the rules text of 1,000 services with 10 real servers each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RulesBenchmark {

  static final int SERVICES = 1000;
  static final int SERVERS = 10;

  private final List<VirtualService> services = services();
  private final String text = print();

  private static List<VirtualService> services() {
    List<VirtualService> services = new ArrayList<>(SERVICES);
    for (int i = 0; i < SERVICES; i++) {
      List<RealServer> servers = new ArrayList<>(SERVERS);
      for (int j = 0; j < SERVERS; j++) {
        servers.add(RealServer.tunnel("172.16." + i / 250 + "." + (10 + j)));
      }
      services.add(
          VirtualService.tcp("10.0." + i / 250 + "." + (i % 250 + 1), 80).addRealServers(servers));
    }
    return services;
  }

  /** Writes the text. */
  @Benchmark
  public final String print() {
    return Rules.write(services, RulesForm.SAVED).text();
  }

  /** Reads the text. */
  @Benchmark
  public List<Rule> parse() {
    return Rules.parse(text);
  }
}
