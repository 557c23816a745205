// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import java.util.List;

/**
 * One step of a request's way, and whether the requests took it.
 *
 * @param host the host's name in the topology
 * @param step what happens there, as a clause: {@code rs1 takes the packets out of the tunnel}
 * @param counter what was looked at
 * @param expected how many requests should have taken it
 * @param grown how much the counter grew beyond its usual growth; -1 if it could not be read
 * @param state whether they took it
 * @param clues other counters that grew meanwhile and say why, each with its growth
 * @param explainedBy codes of the checks that look into it
 * @since 0.1.0
 */
public record Hop(
    String host,
    String step,
    String counter,
    long expected,
    long grown,
    State state,
    List<String> clues,
    List<String> explainedBy) {

  /**
   * Whether requests took a step.
   *
   * @since 0.1.0
   */
  public enum State {
    /** They did. */
    PASSED,
    /** They did not. */
    BROKEN,
    /** That could not be seen. */
    UNKNOWN
  }

  /** Copies the lists. */
  public Hop {
    clues = List.copyOf(clues);
    explainedBy = List.copyOf(explainedBy);
  }

  Hop as(State other) {
    return new Hop(host, step, counter, expected, grown, other, clues, explainedBy);
  }

  Hop saying(String other) {
    return new Hop(host, other, counter, expected, grown, state, clues, explainedBy);
  }

  /** Returns the step with its counter in one line. */
  @Override
  public String toString() {
    String mark =
        switch (state) {
          case PASSED -> "ok     ";
          case BROKEN -> "BROKEN ";
          case UNKNOWN -> "?      ";
        };
    return mark
        + step
        + ": "
        + counter
        + (grown < 0 ? " unknown" : " +" + grown)
        + " of "
        + expected
        + (clues.isEmpty() ? "" : "; " + String.join(", ", clues));
  }
}
