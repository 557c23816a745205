// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.diagnostics.facts.section.Section;

/**
 * What a {@link Probe} noted on a host.
 *
 * @param host the host's name in the topology
 * @param section the note; its name begins with {@code probe.}
 * @since 0.1.0
 */
public record Observation(String host, Section section) {

  /**
   * Checks the section's name.
   *
   * @throws IllegalArgumentException if it does not begin with {@code probe.}
   */
  public Observation {
    if (!section.name().startsWith("probe.")) {
      throw new IllegalArgumentException("section must be named probe.*");
    }
  }
}
