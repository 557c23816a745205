// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.Plan;
import io.lvstun.Scheduler;
import io.lvstun.Snapshot;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.Map;

/** A configuration is saved before a change, and brought back when the change was a mistake. */
public final class SnapshotRestoreExample {

  private SnapshotRestoreExample() {}

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
        SnapshotRestoreExample.class,
        "Saves the whole configuration and brings it back after a mistake.",
        Topology::tutorial,
        SnapshotRestoreExample::play);
  }

  private static String play(Stage stage) {
    try (Director director = stage.openDirector()) {
      director.apply(
          VirtualService.tcp("192.168.1.200", 80)
              .scheduler(Scheduler.WRR)
              .persistence(Duration.ofMinutes(5))
              .addRealServer("192.168.2.101")
              .weight(3)
              .thresholds(1000, 800)
              .tunnel()
              .addRealServer("192.168.3.102")
              .tunnel(),
          VirtualService.udp("192.168.1.200", 53)
              .scheduler(Scheduler.RR)
              .addRealServer("192.168.3.102")
              .tunnel());
      director.timeouts(Timeouts.ofSeconds(600, 60, 120));

      // tag::snapshot[]
      Snapshot before = director.snapshot();
      // end::snapshot[]
      stage.say("Saved: " + before);

      director.replaceAll(
          VirtualService.tcp("192.168.1.200", 8080)
              .scheduler(Scheduler.RR)
              .addRealServer("192.168.2.101")
              .tunnel());
      director.timeouts(Timeouts.ofSeconds(1, 1, 1));
      stage.say("A mistake: the table is now " + director.services());
      stage.expect(
          !stage.cluster().client().get(stage.cluster().vipUrl()).ok(), "port 80 still answers");

      // tag::restore[]
      Plan wayBack = director.plan(before);
      System.out.println(wayBack);
      director.apply(wayBack); // or director.restore(before)
      // end::restore[]

      stage.expect(director.plan(before).isEmpty(), "the table is not as it was");
      Map<String, Integer> answered = stage.ask(3);
      stage.say("Restored: " + answered);
      stage.expect(answered.size() == 1, "persistence did not come back: " + answered);
      return "Services, weights, thresholds, persistence and time-outs are as they were.";
    }
  }
}
