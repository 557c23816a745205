// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import io.lvstun.host.CardChange;
import io.lvstun.host.FileChange;
import io.lvstun.host.HostChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is the case on a host, asked for as much as possible at once: each question costs a round
 * trip. What a step may have changed is asked again. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class ChangeStates {

  private static final String NONE = "none";

  private final Session session;
  private final Map<HostChange, String> lines = new LinkedHashMap<>();
  private final Set<String> files = new HashSet<>();
  private boolean changed;

  /** Looks at the state before the changes. */
  public ChangeStates(Session session, List<HostChange> changes) {
    this.session = session;
    read(changes);
  }

  private void read(List<HostChange> changes) {
    List<String> read = session.states(changes);
    for (int i = 0; i < changes.size(); i++) {
      lines.put(changes.get(i), read.get(i));
    }
    changed = false;
  }

  /** What the script says is the case. */
  public String of(HostChange change) {
    String line = lines.getOrDefault(change, NONE);
    if (change instanceof FileChange file) {
      if (files.contains(file.path())) {
        read(List.of(change));
      }
    } else if (changed && change instanceof CardChange) {
      // With other queues come other interrupts.
      lines.put(change, session.states(List.of(change)).get(0));
    } else if (changed && line.equals(NONE)) {
      // With a module come devices, and with devices their settings.
      List<HostChange> missing = new ArrayList<>();
      lines.forEach(
          (one, state) -> {
            if (state.equals(NONE) && !(one instanceof FileChange)) {
              missing.add(one);
            }
          });
      read(missing);
    }
    return lines.getOrDefault(change, NONE);
  }

  /** A step was taken. */
  public void changed(HostChange change) {
    changed = true;
    if (change instanceof FileChange file) {
      files.add(file.path());
    }
  }
}
