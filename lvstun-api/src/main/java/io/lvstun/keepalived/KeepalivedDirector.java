// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What sets one director of a {@link KeepalivedCluster} apart from the others.
 *
 * <p>Immutable.
 *
 * @param name its name, and its {@code router_id}
 * @param priority 1 to 255 in every instance that {@code priorities} does not name
 * @param priorities the priority by instance
 * @param address its own address, which unicast adverts come from
 * @param interfaceName the interface of its instances, if it differs from the cluster's
 * @since 0.1.0
 */
public record KeepalivedDirector(
    String name,
    int priority,
    Map<String, Integer> priorities,
    Optional<InetAddress> address,
    Optional<String> interfaceName) {

  /**
   * Copies the map and checks the values.
   *
   * @throws IllegalArgumentException if one is out of range or cannot be written
   */
  public KeepalivedDirector {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(priorities, "priorities");
    Checked.text("router_id", name);
    Checked.range("priority", priority, 1, 255);
    priorities = Map.copyOf(priorities);
    priorities.forEach(
        (instance, value) -> {
          Checked.name("vrrp_instance", instance);
          Checked.range("priority", value, 1, 255);
        });
    interfaceName.ifPresent(value -> Checked.name("interface", value));
  }

  /**
   * Returns a director with one priority in all instances.
   *
   * @param name its name
   * @param priority 1 to 255; the highest becomes master
   * @return the director
   * @throws IllegalArgumentException if the priority is out of range or the name cannot be written
   */
  public static KeepalivedDirector of(String name, int priority) {
    return new KeepalivedDirector(name, priority, Map.of(), Optional.empty(), Optional.empty());
  }

  /**
   * Returns a copy with a priority of its own in one instance.
   *
   * @param instance the name of the instance
   * @param priority 1 to 255
   * @return a copy
   * @throws IllegalArgumentException if the priority is out of range or the name cannot be written
   */
  public KeepalivedDirector priority(String instance, int priority) {
    Objects.requireNonNull(instance, "instance");
    Map<String, Integer> all = new HashMap<>(priorities);
    all.put(instance, priority);
    return new KeepalivedDirector(name, this.priority, all, address, interfaceName);
  }

  /**
   * Returns a copy with an address that unicast adverts come from.
   *
   * @param address an IPv4 or IPv6 literal
   * @return a copy
   * @throws IllegalArgumentException if it is no literal
   */
  public KeepalivedDirector address(String address) {
    Objects.requireNonNull(address, "address");
    return new KeepalivedDirector(
        name, priority, priorities, Optional.of(IpAddress.parse(address)), interfaceName);
  }

  /**
   * Returns a copy whose instances use another interface than the cluster's.
   *
   * @param interfaceName the interface
   * @return a copy
   * @throws IllegalArgumentException if it is no name of an interface
   */
  public KeepalivedDirector interfaceName(String interfaceName) {
    Objects.requireNonNull(interfaceName, "interfaceName");
    return new KeepalivedDirector(name, priority, priorities, address, Optional.of(interfaceName));
  }

  int priorityIn(String instance) {
    return priorities.getOrDefault(instance, priority);
  }
}
