// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.ServiceKey;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a controller must remember: the services that are wanted, those that were wanted and may
 * still be in the table, and what is to become of single servers. Immutable.
 *
 * @param services the services wanted
 * @param retired services that were wanted and have not been seen to be gone since: still ours
 * @param intents what is to become of single servers
 */
record DesiredState(
    Map<ServiceKey, ManagedService> services,
    Set<ServiceKey> retired,
    Map<Destination, Intent> intents) {

  static final DesiredState EMPTY = new DesiredState(Map.of(), Set.of(), Map.of());

  DesiredState {
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    retired = Set.copyOf(retired);
    intents = Collections.unmodifiableMap(new LinkedHashMap<>(intents));
  }

  boolean owns(ServiceKey key) {
    return services.containsKey(key) || retired.contains(key);
  }

  @Nullable Intent intent(Destination destination) {
    return intents.get(destination);
  }

  DesiredState with(ManagedService service) {
    Map<ServiceKey, ManagedService> all = new LinkedHashMap<>(services);
    all.put(service.key(), service);
    Set<ServiceKey> old = new HashSet<>(retired);
    old.remove(service.key());
    return new DesiredState(all, old, intents);
  }

  /** The service is no longer wanted; what was intended with its servers is void. */
  DesiredState without(ServiceKey key) {
    if (!services.containsKey(key)) {
      return this;
    }
    Map<ServiceKey, ManagedService> all = new LinkedHashMap<>(services);
    all.remove(key);
    Set<ServiceKey> old = new HashSet<>(retired);
    old.add(key);
    Map<Destination, Intent> left = new LinkedHashMap<>(intents);
    left.keySet().removeIf(destination -> destination.service().equals(key));
    return new DesiredState(all, old, left);
  }

  /** A retired service has been seen to be gone. */
  DesiredState gone(ServiceKey key) {
    Set<ServiceKey> old = new HashSet<>(retired);
    old.remove(key);
    return new DesiredState(services, old, intents);
  }

  /** What was made in another life of the kernel's table is not ours in this one. */
  DesiredState withoutRetired() {
    return new DesiredState(services, Set.of(), intents);
  }

  DesiredState with(Destination destination, @Nullable Intent intent) {
    Map<Destination, Intent> all = new LinkedHashMap<>(intents);
    if (intent == null) {
      all.remove(destination);
    } else {
      all.put(destination, intent);
    }
    return new DesiredState(services, retired, all);
  }
}
