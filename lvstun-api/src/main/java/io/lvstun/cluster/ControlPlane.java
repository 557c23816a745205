// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import io.lvstun.VirtualService;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What whoever controls the cluster says of it, as opposed to what the hosts say: the services as
 * they should be, how directors share the work, what steers clients, and the reports behind the
 * weights. All of it is optional; checks that need what was not stated are skipped.
 *
 * <p>It is part of a {@link Topology}, and goes into the facts of each director as the section
 * {@value #SECTION}, so that it is in bundles as well. A probe of an application can also add that
 * section itself.
 *
 * @param desired the services with their real servers; empty if not stated
 * @param highAvailability how the directors share the work
 * @param geography how clients are steered by place
 * @param loads the reports behind weights
 * @since 0.1.0
 */
public record ControlPlane(
    List<VirtualService> desired,
    HighAvailability highAvailability,
    Optional<Geography> geography,
    Optional<LoadReports> loads) {

  /** The name of the section that holds it among a director's facts. */
  public static final String SECTION = "control-plane";

  /** Says nothing. */
  public static final ControlPlane UNSTATED =
      new ControlPlane(List.of(), HighAvailability.UNSTATED, Optional.empty(), Optional.empty());

  /** Copies the list. */
  public ControlPlane {
    Objects.requireNonNull(desired, "desired");
    Objects.requireNonNull(geography, "geography");
    Objects.requireNonNull(highAvailability, "highAvailability");
    Objects.requireNonNull(loads, "loads");
    desired = List.copyOf(desired);
  }

  /**
   * Tells whether anything is stated.
   *
   * @return true if so
   */
  public boolean stated() {
    return !equals(UNSTATED);
  }

  /**
   * Writes it as YAML.
   *
   * @return what {@link #parse(String)} reads
   */
  public String toYaml() {
    return ControlPlaneForm.write(this);
  }

  /**
   * Reads it from YAML, or from JSON, which is YAML too.
   *
   * @param yaml what {@link #toYaml()} wrote, or somebody else in the same form
   * @return the control plane
   * @throws IllegalArgumentException if it is neither, or not of that form; the message names the
   *     key
   */
  public static ControlPlane parse(String yaml) {
    Objects.requireNonNull(yaml, "yaml");
    return ControlPlaneForm.read(yaml);
  }
}
