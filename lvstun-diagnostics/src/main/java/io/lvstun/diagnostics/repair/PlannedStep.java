// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import io.lvstun.host.Risk;

/**
 * One step that a plan would take on one host.
 *
 * @param host the host's name in the topology, or its label
 * @param cause what the step is for: a check's code, or {@code prepare}
 * @param step the step: a command as people type it, or a file with the lines that it gets
 * @param risk what it may break
 * @param lasting whether the step is for the time after a reboot, and not for now
 * @param allowed whether applying the plan takes it
 * @param note what people should know of it; may be empty
 * @since 0.1.0
 */
public record PlannedStep(
    String host,
    String cause,
    String step,
    Risk risk,
    boolean lasting,
    boolean allowed,
    String note) {

  /** Returns one line, for example {@code rs1: modprobe ipip}. */
  @Override
  public String toString() {
    return host
        + ": "
        + step
        + (allowed ? "" : " [not allowed: " + risk + "]")
        + (note.isEmpty() ? "" : " (" + note + ")");
  }
}
