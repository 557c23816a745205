// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.diagnostics.model.Cluster;
import java.util.List;

/**
 * Sends packets and notes what becomes of them. What it notes joins the facts, as sections of the
 * host that saw it, and is judged by checks like all other facts: so it can be saved and analysed
 * again.
 *
 * @since 0.1.0
 */
public interface Probe {

  /**
   * Returns the code of the check that judges what the probe notes.
   *
   * @return for example {@code PRB-001}
   */
  String code();

  /**
   * Sends packets and waits for what comes back.
   *
   * @param cluster the hosts with their facts, and with what probes before this one have noted
   * @return what was noted; what could not be tried is an unreadable section with the reason
   */
  List<Observation> observe(Cluster cluster);
}
