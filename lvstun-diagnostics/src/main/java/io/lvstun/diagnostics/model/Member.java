// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import io.lvstun.cluster.Node;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.HostFacts;

/**
 * A host of a topology with its facts.
 *
 * @param node the host
 * @param facts what is known of it
 * @since 0.1.0
 */
public record Member(Node node, HostFacts facts) {

  /**
   * Returns the host's name in the topology.
   *
   * @return for example {@code rs1}
   */
  public String name() {
    return node.name();
  }

  /**
   * Tells whether the host has a role.
   *
   * @param role the role
   * @return true if it has
   */
  public boolean is(Role role) {
    return node.roles().contains(role);
  }
}
