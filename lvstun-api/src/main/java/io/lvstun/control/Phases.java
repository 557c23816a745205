// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Change;
import io.lvstun.Command;
import io.lvstun.Plan;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps from a table entry to another, parted in two: what adds or keeps, and what takes away.
 *
 * @param raises additions and edits that leave weight
 * @param lowers edits to weight 0, and removals
 */
record Phases(List<Change> raises, List<Change> lowers) {

  static Phases between(@Nullable VirtualService present, VirtualService wanted) {
    List<Change> changes =
        Plan.between(present == null ? List.of() : List.of(present), List.of(wanted)).changes();
    Map<ServerKey, Integer> weights = new HashMap<>();
    if (present != null) {
      present.realServers().forEach(server -> weights.put(server.key(), server.weight()));
    }
    List<Change> raises = new ArrayList<>();
    List<Change> lowers = new ArrayList<>();
    for (Change change : changes) {
      (takes(change.command(), weights) ? lowers : raises).add(change);
    }
    return new Phases(raises, lowers);
  }

  private static boolean takes(Command command, Map<ServerKey, Integer> weights) {
    if (command instanceof Command.EditServer edit) {
      return edit.server().weight() == 0 && weights.getOrDefault(edit.server().key(), 0) > 0;
    }
    return command instanceof Command.RemoveServer || command instanceof Command.RemoveService;
  }

  /** Tells whether an entry would still have a serving server after the lowering steps. */
  boolean leavesServing(@Nullable VirtualService present) {
    if (present == null) {
      return true;
    }
    Map<ServerKey, Integer> weights = new HashMap<>();
    for (RealServer server : present.realServers()) {
      weights.put(server.key(), server.weight());
    }
    if (weights.values().stream().noneMatch(weight -> weight > 0)) {
      return true; // there is nothing to lose
    }
    for (Change change : lowers) {
      if (change.command() instanceof Command.RemoveServer remove) {
        weights.remove(remove.server());
      } else if (change.command() instanceof Command.EditServer edit) {
        weights.put(edit.server().key(), 0);
      }
    }
    return weights.values().stream().anyMatch(weight -> weight > 0);
  }
}
