// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.ForeignText;
import io.lvstun.host.HostChange;
import io.lvstun.host.SetInterruptAffinity;
import io.lvstun.host.SetQueues;
import io.lvstun.host.SetReceivePacketSteering;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Options that tune a host's network cards.
 *
 * @since 0.1.0
 */
public final class CardOptions {

  private static final int HIGHEST_CPU = 8191;

  @Option(
      names = "--queues",
      paramLabel = "CARD=NUMBER",
      description =
          "Number of a card's combined queues, as by ethtool -L. Interrupts traffic on many cards.")
  private List<String> queues = new ArrayList<>();

  @Option(
      names = "--interrupts",
      paramLabel = "CARD=CPUS",
      description =
          "Processors that a card's interrupts are bound to in turn: eth0=0-3,6. Stop irqbalance"
              + " before.")
  private List<String> interrupts = new ArrayList<>();

  @Option(
      names = "--rps",
      paramLabel = "CARD=CPUS",
      description = "Processors that a card's packets are steered to on receipt: eth0=0-3.")
  private List<String> steering = new ArrayList<>();

  /**
   * Returns what was asked for.
   *
   * @throws IllegalArgumentException if an option's value has another form
   */
  public List<HostChange> changes() {
    List<HostChange> changes = new ArrayList<>();
    for (String text : queues) {
      String number = value("--queues", text, "[0-9]{1,4}");
      changes.add(SetQueues.combined(card(text), Integer.parseInt(number)));
    }
    for (String text : interrupts) {
      changes.add(new SetInterruptAffinity(card(text), cpus("--interrupts", text)));
    }
    for (String text : steering) {
      changes.add(new SetReceivePacketSteering(card(text), cpus("--rps", text)));
    }
    return changes;
  }

  private static String card(String text) {
    return text.substring(0, text.indexOf('='));
  }

  private static String value(String option, String text, String pattern) {
    int equals = text.indexOf('=');
    if (equals < 1 || !text.substring(equals + 1).matches(pattern)) {
      throw new IllegalArgumentException(
          option
              + (option.equals("--queues")
                  ? " must be CARD=NUMBER, not "
                  : " must be CARD=CPUS, not ")
              + ForeignText.printable(text));
    }
    return text.substring(equals + 1);
  }

  private static List<Integer> cpus(String option, String text) {
    String list = value(option, text, "[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*");
    List<Integer> cpus = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      if (last < first || last > HIGHEST_CPU) {
        throw new IllegalArgumentException(
            option + " must name processors from 0 to " + HIGHEST_CPU + ", not " + range);
      }
      for (int cpu = first; cpu <= last; cpu++) {
        cpus.add(cpu);
      }
    }
    return cpus;
  }
}
