// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Command;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.health.ServerHealth;
import io.lvstun.state.ServiceState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the core is told. */
sealed interface Event {

  /** The first event: what was stored before, and what is to be said of it. */
  record Started(DesiredState stored, String origin, @Nullable String rejected) implements Event {}

  /** Time has passed. */
  record Tick() implements Event {}

  /** These services are wanted, in place of what was wanted under their keys. */
  record Want(Collection<ManagedService> services, boolean nothingElse) implements Event {}

  /** This service is no longer wanted. */
  record Unwant(ServiceKey service) implements Event {}

  /** A check of a real server knows more; null takes the check away. */
  record Checked(Destination destination, String check, ServerHealth.@Nullable Checked state)
      implements Event {}

  /** The load asks for a weight; null when there is no source any more. */
  record Load(Destination destination, @Nullable Integer weight, String source) implements Event {}

  /** A reading of the services of a scope, or of all when the scope is null. */
  record Observed(@Nullable Set<ServiceKey> scope, Map<ServiceKey, ServiceState> states)
      implements Event {}

  /** A reading failed. */
  record ReadFailed(String reason) implements Event {}

  /** A write ended; which commands failed, or all of them if {@code broken}. */
  record Applied(List<Refused> refused, @Nullable String broken, long took) implements Event {}

  /** A command that failed, and why. */
  record Refused(Command command, String reason) {}

  /** The state that was to be stored is stored. */
  record Saved() implements Event {}

  /** The state could not be stored. */
  record SaveFailed(String reason) implements Event {}

  /** Servers are to be drained and removed. */
  record Drain(
      String operation,
      List<Destination> destinations,
      long deadline,
      long udpDeadline,
      boolean waitsForTemplates,
      String note)
      implements Event {}

  /** A server is to join a service. */
  record Join(String operation, Destination destination, @Nullable RealServer server, long deadline)
      implements Event {}

  /** A server is to join a service; then another is to be drained and to leave it. */
  record Replace(
      String operation,
      Destination old,
      RealServer replacement,
      long deadline,
      long patience,
      boolean waitsForTemplates)
      implements Event {}

  /** An operation is to be given up. */
  record Cancel(String operation) implements Event {}
}
