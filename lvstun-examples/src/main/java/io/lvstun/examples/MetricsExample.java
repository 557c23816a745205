// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.Topology;
import io.lvstun.metrics.DirectorMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The counters of services and servers as Micrometer meters. */
public final class MetricsExample {

  private static final int REQUESTS = 10;

  private MetricsExample() {}

  /**
   * Runs the example.
   *
   * @param args {@code --help} tells
   */
  public static void main(String[] args) {
    runner().runAndExit(args);
  }

  static ExampleRunner runner() {
    return new ExampleRunner(
        MetricsExample.class,
        "Publishes the counters of services and servers as Micrometer meters.",
        Topology::tutorial,
        MetricsExample::play);
  }

  private static String play(Stage stage) throws InterruptedException {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (Director director = stage.openDirector()) {
      director.apply(
          VirtualService.tcp("192.168.1.200", 80)
              .scheduler(Scheduler.RR)
              .addRealServer("192.168.2.101")
              .tunnel()
              .addRealServer("192.168.3.102")
              .tunnel());
      director.zero();

      // tag::metrics[]
      DirectorMetrics metrics =
          new DirectorMetrics(director, Duration.ofSeconds(2), Tags.of("director", "lb1"));
      metrics.bindTo(registry); // close it before the director
      // end::metrics[]
      try (metrics) {
        stage.ask(REQUESTS);
        double counted = awaitCount(registry, REQUESTS);
        registry.getMeters().forEach(meter -> stage.say(meter.getId() + " " + meter.measure()));
        stage.expect(counted == REQUESTS, REQUESTS + " connections were made, counted: " + counted);
        return "The meters counted all " + REQUESTS + " connections.";
      }
    }
  }

  /** The kernel refreshes its counters every two seconds, and the meters follow. */
  private static double awaitCount(MeterRegistry registry, int wanted) throws InterruptedException {
    FunctionCounter connections =
        registry
            .get("lvstun.service.connections")
            .tags("director", "lb1", "service", "TCP 192.168.1.200:80")
            .functionCounter();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (connections.count() < wanted && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return connections.count();
  }
}
