// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.Plan;
import io.lvstun.examples.lab.Topology;
import io.lvstun.rules.Replay;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.rules.RulesText;
import java.util.Map;

/** Configurations in the text form of ipvsadm, read and written. */
public final class RulesTextExample {

  private static final String SAVED =
      """
      -A -t 192.168.1.200:80 -s wrr
      -a -t 192.168.1.200:80 -r 192.168.2.101:80 -i -w 1
      -a -t 192.168.1.200:80 -r 192.168.3.102:80 -i -w 2
      """;

  private RulesTextExample() {}

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
        RulesTextExample.class,
        "Takes over what ipvsadm-save wrote, and writes it again.",
        Topology::tutorial,
        RulesTextExample::play);
  }

  private static String play(Stage stage) {
    try (Director director = stage.openDirector()) {
      importRules(stage, director, SAVED);
      Map<String, Integer> answered = stage.ask(6);
      stage.say("6 requests: " + answered);
      stage.expect(answered.equals(Map.of("rs1", 2, "rs2", 4)), "not shared 1 to 2: " + answered);

      director.edit(
          director.services().get(0).key(),
          web -> web.realServer("192.168.2.101", server -> server.thresholds(1000, 800)));
      String text = exportRules(stage, director);
      String binary = stage.cluster().director().run("ipvsadm", "-S", "-n");
      stage.expect(text.equals(binary), "ipvsadm -S -n prints something else:\n" + binary);
      return "The text that came out is what ipvsadm -S -n prints.";
    }
  }

  private static void importRules(Stage stage, Director director, String text) {
    // tag::rules-import[]
    Replay replay = Rules.replay(Rules.parse(text));
    replay.refusals().forEach(System.err::println);
    Plan plan = director.planReplaceAll(replay.snapshot().services());
    director.apply(plan);
    // end::rules-import[]
    stage.say("Imported:");
    stage.say(plan);
  }

  private static String exportRules(Stage stage, Director director) {
    // tag::rules-export[]
    RulesText saved = Rules.write(director.snapshot(), RulesForm.SAVED);
    saved.losses().forEach(System.err::println); // what the text cannot carry
    String text = saved.text();
    // end::rules-export[]
    stage.say("Exported:");
    stage.say(text);
    saved.losses().forEach(loss -> stage.say("not in the text: " + loss));
    stage.expect(
        saved.losses().stream().anyMatch(loss -> loss.toString().contains("threshold")),
        "the loss of the thresholds was not reported");
    return text;
  }
}
