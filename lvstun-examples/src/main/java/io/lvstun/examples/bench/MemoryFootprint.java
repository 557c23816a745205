// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import io.lvstun.Director;
import io.lvstun.Plan;
import io.lvstun.VirtualService;
import io.lvstun.state.ServiceState;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the live heap of 100,000 real servers: as wanted, as observed by the netlink driver, and
 * of a plan that changes each of them. Needs a network namespace whose tables it may fill.
 */
public final class MemoryFootprint {

  private static final Pattern TOTAL = Pattern.compile("total: ([0-9.]+) bytes a server");

  private MemoryFootprint() {}

  /**
   * Measures some shapes and prints a line for each.
   *
   * @param arguments shapes; by default 1,000 services with 100 servers, and 10,000 with 10
   */
  public static void main(String[] arguments) {
    List<String> shapes =
        arguments.length > 0 ? List.of(arguments) : List.of("1000x100", "10000x10");
    try (Director director = Director.builder().driver("netlink").open()) {
      for (String shape : shapes) {
        System.out.println(measure(director, Shape.parse(shape)));
      }
    }
  }

  private static String measure(Director director, Shape shape) {
    // Once for what is made only once: classes, buffers, caches.
    director.apply(new Shape(10, 10).wanted(false));
    director.services().forEach(state -> director.remove(state.key()));
    director.apply(shape.wanted(true));

    long start = liveHeap();
    List<VirtualService> wanted = heavier(shape.wanted(true));
    long withWanted = liveHeap();
    List<ServiceState> observed = director.services();
    long withObserved = liveHeap();
    Plan plan = director.plan(wanted);
    if (plan.changes().size() != shape.allServers()) {
      throw new IllegalStateException(plan.changes().size() + " changes");
    }
    long withPlan = liveHeap();
    double servers = shape.allServers();
    String line =
        String.format(
            Locale.ROOT,
            "%s: wanted %.1f, observed %.1f, plan that changes every server %.1f; total: %.1f bytes"
                + " a server",
            shape,
            (withWanted - start) / servers,
            (withObserved - withWanted) / servers,
            (withPlan - withObserved) / servers,
            (withPlan - start) / servers);
    if (wanted.size() + observed.size() != 2 * shape.services() || plan.isEmpty()) {
      throw new IllegalStateException("what was measured must be there until here");
    }
    director.flush();
    return line;
  }

  private static List<VirtualService> heavier(List<VirtualService> services) {
    return services.stream()
        .map(
            service ->
                service
                    .withoutRealServers()
                    .addRealServers(
                        service.realServers().stream().map(server -> server.weight(2)).toList()))
        .toList();
  }

  private static long liveHeap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** The largest total of what {@link #main} printed. */
  static double worst(String output) {
    double worst = Double.NaN;
    for (Matcher matcher = TOTAL.matcher(output); matcher.find(); ) {
      double total = Double.parseDouble(matcher.group(1));
      worst = Double.isNaN(worst) ? total : Math.max(worst, total);
    }
    if (Double.isNaN(worst)) {
      throw new IllegalStateException("no measurement of memory in: " + output);
    }
    return worst;
  }
}
