// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Change;
import io.lvstun.ServiceKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the core wants done. Read, Save and Write are answered by an event before the next one. */
sealed interface Action {

  /** Read the services of a scope; with null all, for comparing only. */
  record Read(@Nullable Set<ServiceKey> scope) implements Action {}

  /** Store the state durably. */
  record Save(DesiredState state) implements Action {}

  /** Carry out changes, each whether or not others fail. */
  record Write(List<Change> changes) implements Action {}

  /** Tell listeners, log and history. */
  record Tell(Decision decision) implements Action {}

  /** An operation has ended. */
  record Finish(String operation, boolean reached, String outcome) implements Action {}
}
