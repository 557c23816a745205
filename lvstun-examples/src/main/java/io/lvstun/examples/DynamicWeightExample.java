// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.util.Map;

/** Weights that follow the load of the servers, without touching anything else about them. */
public final class DynamicWeightExample {

  private static final ServiceKey WEB = ServiceKey.tcp("192.168.1.200", 80);

  private DynamicWeightExample() {}

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
        DynamicWeightExample.class,
        "Changes weights by load, as often as you like; tunnels and thresholds stay as they are.",
        () -> Topology.tutorial().prepare(Preparation.tunnel().gue()),
        DynamicWeightExample::play);
  }

  // tag::dynamic-weight[]
  /** Gives each real server a share that falls with its load; the rest of it stays as it is. */
  static void follow(Director director, ServiceKey service, Map<String, Double> loads) {
    director.edit(
        service,
        present -> {
          VirtualService wanted = present;
          for (Map.Entry<String, Double> entry : loads.entrySet()) {
            int weight = weightFor(entry.getValue());
            wanted = wanted.realServer(entry.getKey(), server -> server.weight(weight));
          }
          return wanted;
        });
  }

  static int weightFor(double load) {
    return load < 1 ? 10 : load < 2 ? 5 : 1; // never 0: that would drain the server
  }

  // end::dynamic-weight[]

  private static String play(Stage stage) {
    try (Director director = stage.openDirector()) {
      VirtualService web =
          VirtualService.tcp("192.168.1.200", 80)
              .scheduler(Scheduler.WRR)
              .addRealServer("192.168.2.101")
              .weight(10)
              .thresholds(5000, 4000)
              .tunnel(Encapsulation.gue(Preparation.GUE_PORT))
              .addRealServer("192.168.3.102")
              .weight(10)
              .tunnel();
      director.apply(web);
      Map<String, Integer> before = stage.ask(8);
      stage.say("Both servers are idle. 8 requests: " + before);
      stage.expect(before.equals(Map.of("rs1", 4, "rs2", 4)), "not shared equally: " + before);

      follow(director, WEB, Map.of("192.168.2.101", 3.2, "192.168.3.102", 0.4));

      RealServer busy =
          director.find(WEB).orElseThrow().definition().realServers().stream()
              .filter(server -> server.weight() == 1)
              .findFirst()
              .orElseThrow(() -> new UnexpectedOutcomeException("no server has weight 1"));
      stage.say("rs1 reports a load of 3.2. Now it is: " + busy);
      RealServer expected =
          RealServer.tunnel("192.168.2.101", Encapsulation.gue(Preparation.GUE_PORT))
              .port(80)
              .thresholds(5000, 4000);
      stage.expect(busy.equals(expected), "the edit changed more than the weight: " + busy);

      Map<String, Integer> after = stage.ask(11);
      stage.say("11 requests: " + after);
      stage.expect(after.equals(Map.of("rs1", 1, "rs2", 10)), "not shared 1 to 10: " + after);
      return "The busy server got 1 of 11 connections, and kept its GUE tunnel and its thresholds.";
    }
  }
}
