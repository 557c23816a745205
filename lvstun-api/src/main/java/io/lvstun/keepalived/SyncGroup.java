// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.List;
import java.util.Objects;

/**
 * VRRP instances that change their state together.
 *
 * <p>Immutable.
 *
 * @param name its name
 * @param instances the names of the instances, at least one
 * @since 0.1.0
 */
public record SyncGroup(String name, List<String> instances) {

  /**
   * Copies the list and checks the names.
   *
   * @throws IllegalArgumentException if a name cannot be written, or no instance is named
   */
  public SyncGroup {
    Objects.requireNonNull(instances, "instances");
    Objects.requireNonNull(name, "name");
    Checked.name("vrrp_sync_group", name);
    instances = List.copyOf(instances);
    instances.forEach(instance -> Checked.name("vrrp_instance", instance));
    if (instances.isEmpty()) {
      throw new IllegalArgumentException("vrrp_sync_group " + name + " needs an instance");
    }
  }
}
