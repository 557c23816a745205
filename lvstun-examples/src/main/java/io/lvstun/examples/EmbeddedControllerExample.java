// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An application that embeds the controller, while its servers fail in three ways. */
public final class EmbeddedControllerExample {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private EmbeddedControllerExample() {}

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
        EmbeddedControllerExample.class,
        "Moves the traffic when a server's HTTP, its tunnel, or the whole host fails.",
        Topology::tutorial,
        EmbeddedControllerExample::play);
  }

  private static String play(Stage stage) {
    LabHost rs1 = stage.cluster().host("rs1");
    LabHost rs2 = stage.cluster().host("rs2");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try (BackgroundCommand application =
        stage
            .cluster()
            .director()
            .start(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedApplication.class.getName(),
                stage.cluster().vip(),
                rs1.address(),
                rs2.address())) {
      application.awaitOutput(text -> text.contains("APPLIED: "), PATIENCE);
      stage.say("The application runs on the director. 4 requests: " + both(stage));
      Fault[] faults = {
        new Fault(
            "rs1's HTTP dies",
            () -> rs1.run("iptables", "-I", "INPUT", "-p", "tcp", "-j", "REJECT"),
            () -> rs1.run("iptables", "-D", "INPUT", "-p", "tcp", "-j", "REJECT")),
        new Fault(
            "rs1's tunl0 is down, and its own address still answers",
            () -> rs1.run("ip", "link", "set", "tunl0", "down"),
            () -> rs1.run("ip", "link", "set", "tunl0", "up")),
        new Fault("rs1's cable is cut", rs1::unplug, rs1::reconnect)
      };
      for (Fault fault : faults) {
        suffer(stage, fault, application);
      }
      return "Each of " + faults.length + " faults moved the traffic to rs2, and back afterwards.";
    }
  }

  private record Fault(String name, Runnable make, Runnable undo) {}

  private static void suffer(Stage stage, Fault fault, BackgroundCommand application) {
    int before = application.output().length();
    fault.make().run();
    stage.say("");
    stage.say("Now " + fault.name() + ".");
    decisions(stage, application, before, "DOWN: ");
    Map<String, Integer> answers = stage.ask(4);
    stage.say("4 requests: " + answers);
    stage.expect(answers.equals(Map.of("rs2", 4)), fault.name() + ", and answered: " + answers);

    before = application.output().length();
    fault.undo().run();
    stage.say("It is repaired.");
    decisions(stage, application, before, "UP: ");
    stage.say("4 requests: " + both(stage));
  }

  private static Map<String, Integer> both(Stage stage) {
    Map<String, Integer> answers = stage.ask(4);
    stage.expect(answers.equals(Map.of("rs1", 2, "rs2", 2)), "not shared equally: " + answers);
    return answers;
  }

  /** Waits for a decision and the change of the table that follows it, and tells both. */
  private static void decisions(
      Stage stage, BackgroundCommand application, int from, String decision) {
    String all =
        application.awaitOutput(
            text -> {
              int at = text.indexOf('\n' + decision, from - 1);
              return at >= 0 && text.indexOf("\nAPPLIED: ", at) >= 0 && text.endsWith("\n");
            },
            PATIENCE);
    List.of(all.substring(from).split("\n")).forEach(line -> stage.say("  " + line));
  }
}
