// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The changes that bring the kernel's table to the desired state: additions and edits first,
 * removals last, so that a service is never without servers.
 *
 * <p>Immutable. A plan describes the moment it was made; applying it fails where another program
 * has changed the same entries since.
 *
 * @param changes the steps in order
 * @param onFailure what apply does when a step fails
 * @since 0.1.0
 */
public record Plan(List<Change> changes, OnFailure onFailure) {

  /** Copies the list. */
  public Plan {
    Objects.requireNonNull(changes, "changes");
    changes = List.copyOf(changes);
    Objects.requireNonNull(onFailure, "onFailure");
  }

  /**
   * Plans what makes services that are present the ones that are wanted, without a director: for
   * states that were read before, or elsewhere.
   *
   * @param present the services as they are; those that are not wanted are left alone
   * @param wanted the services wanted, each key once
   * @return the plan, which rolls back when a step fails, as a director's plans do by default
   * @throws IllegalArgumentException if two services wanted have the same key
   */
  public static Plan between(
      Collection<VirtualService> present, Collection<VirtualService> wanted) {
    Map<ServiceKey, VirtualService> byKey = new HashMap<>();
    present.forEach(service -> byKey.put(service.key(), service));
    return new Plan(Planner.converge(wanted, byKey), OnFailure.ROLL_BACK);
  }

  /**
   * Tells whether the kernel agrees already.
   *
   * @return true if there is nothing to do
   */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /**
   * Returns a copy that treats a failure differently.
   *
   * @param onFailure {@link OnFailure#ROLL_BACK} or {@link OnFailure#KEEP}
   * @return a copy
   */
  public Plan onFailure(OnFailure onFailure) {
    return new Plan(changes, onFailure);
  }

  /** Returns the steps, a line each, or {@code nothing to do}. */
  @Override
  public String toString() {
    return changes.isEmpty()
        ? "nothing to do"
        : changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
  }
}
