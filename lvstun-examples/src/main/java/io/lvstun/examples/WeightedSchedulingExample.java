// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.Topology;
import java.util.Map;

/** A strong server takes three times the connections of a weak one. */
public final class WeightedSchedulingExample {

  private WeightedSchedulingExample() {}

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
        WeightedSchedulingExample.class,
        "Shares connections out by weight: three for the strong server, one for the weak one.",
        Topology::tutorial,
        WeightedSchedulingExample::play);
  }

  private static String play(Stage stage) {
    try (Director director = stage.openDirector()) {
      // tag::weights[]
      VirtualService web =
          VirtualService.tcp("192.168.1.200", 80)
              .scheduler(Scheduler.WRR)
              .addRealServer("192.168.2.101")
              .weight(3)
              .tunnel()
              .addRealServer("192.168.3.102")
              .weight(1)
              .tunnel();
      director.apply(web);
      // end::weights[]
      stage.say(web);

      Map<String, Integer> answered = stage.ask(12);
      stage.say("12 requests: " + answered);
      stage.expect(
          answered.equals(Map.of("rs1", 9, "rs2", 3)), "9 and 3 were expected, not " + answered);
      return "Weights 3 and 1 gave 9 and 3 of 12 connections.";
    }
  }
}
