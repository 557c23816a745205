// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

/**
 * What became of one step on one host.
 *
 * @param host the host's name in the topology, or its label
 * @param cause what the step is for: a check's code, {@code prepare}, or the number of the run that
 *     is undone
 * @param step the step: a command as people type it, or a file with the lines that it gets
 * @param lasting whether the step is for the time after a reboot, and not for now
 * @param state what became of it
 * @param detail why, for what was not done; may be empty
 * @since 0.1.0
 */
public record StepResult(
    String host, String cause, String step, boolean lasting, State state, String detail) {

  /**
   * What became of a step.
   *
   * @since 0.1.0
   */
  public enum State {
    /** It was done. */
    DONE,
    /** It was so already; nothing was changed. */
    ALREADY,
    /** It was left: not allowed, for people to do, or changed by somebody else meanwhile. */
    LEFT,
    /** It was tried and failed, or could not be tried. */
    FAILED
  }

  /** Returns one line, for example {@code DONE rs1: modprobe ipip}. */
  @Override
  public String toString() {
    return state + " " + host + ": " + step + (detail.isEmpty() ? "" : " (" + detail + ")");
  }
}
