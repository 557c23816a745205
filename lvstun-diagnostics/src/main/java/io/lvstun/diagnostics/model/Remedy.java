// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How to put right what a finding found.
 *
 * @param text what to do and why that helps, a sentence or two
 * @param actions the steps, in order; empty if only people can do it
 * @param persistent what makes it last over a reboot
 * @since 0.1.0
 */
public record Remedy(String text, List<HostChange> actions, List<PersistentLine> persistent) {

  /** Copies the lists. */
  public Remedy {
    actions = List.copyOf(actions);
    persistent = List.copyOf(persistent);
  }

  /**
   * Returns a remedy that only people can apply.
   *
   * @param text what to do
   * @return the remedy
   */
  public static Remedy manual(String text) {
    return new Remedy(text, List.of(), List.of());
  }

  /**
   * Returns a remedy without lasting part.
   *
   * @param text what to do
   * @param actions the steps
   * @return the remedy
   */
  public static Remedy of(String text, HostChange... actions) {
    return new Remedy(text, List.of(actions), List.of());
  }

  /**
   * Returns a copy with one more step.
   *
   * @param action the step
   * @return the copy
   */
  public Remedy then(HostChange action) {
    List<HostChange> more = new ArrayList<>(actions);
    more.add(action);
    return new Remedy(text, more, persistent);
  }

  /**
   * Returns a copy with one more line that makes it last.
   *
   * @param file absolute path
   * @param line the line
   * @return the copy
   */
  public Remedy lasting(String file, String line) {
    List<PersistentLine> more = new ArrayList<>(persistent);
    more.add(new PersistentLine(file, line));
    return new Remedy(text, actions, more);
  }

  /**
   * Returns the greatest risk of its steps.
   *
   * @return the risk; {@link Risk#MANUAL} if there is no step
   */
  public Risk risk() {
    return actions.stream()
        .map(HostChange::risk)
        .max(Comparator.naturalOrder())
        .orElse(Risk.MANUAL);
  }
}
