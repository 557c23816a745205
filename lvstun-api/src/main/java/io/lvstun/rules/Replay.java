// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.Snapshot;
import java.util.List;
import java.util.Objects;

/**
 * The result of applying a rules text to an empty table.
 *
 * @param snapshot the services in the order they were added, their real servers likewise, the
 *     connection time-outs and the sync daemons
 * @param refusals the rules that the kernel would refuse, in their order; the others are carried
 *     out, as by {@code ipvsadm -R}
 * @since 0.1.0
 */
public record Replay(Snapshot snapshot, List<Refusal> refusals) {

  /** Copies the list. */
  public Replay {
    Objects.requireNonNull(refusals, "refusals");
    Objects.requireNonNull(snapshot, "snapshot");
    refusals = List.copyOf(refusals);
  }
}
