// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the changes of a plan leave in the table: nothing is said of what they do not mention. */
final class PlanEffects {

  /** What the changes say of one service. */
  private static final class Effect {
    private boolean removed;
    private @Nullable VirtualService settings;
    private final Map<ServerKey, Optional<RealServer>> servers = new LinkedHashMap<>();
  }

  private final Map<ServiceKey, Effect> effects = new LinkedHashMap<>();

  private PlanEffects() {}

  static PlanEffects of(List<Change> changes) {
    PlanEffects result = new PlanEffects();
    for (Change change : changes) {
      result.add(change.command());
    }
    return result;
  }

  private Effect of(ServiceKey key) {
    return effects.computeIfAbsent(key, absent -> new Effect());
  }

  private void add(Command command) {
    if (command instanceof Command.AddService add) {
      settings(add.service());
    } else if (command instanceof Command.EditService edit) {
      settings(edit.service());
    } else if (command instanceof Command.RemoveService remove) {
      Effect effect = of(remove.service());
      effect.removed = true;
      effect.settings = null;
      effect.servers.clear();
    } else if (command instanceof Command.AddServer add) {
      of(add.service()).servers.put(add.server().key(), Optional.of(add.server()));
    } else if (command instanceof Command.EditServer edit) {
      of(edit.service()).servers.put(edit.server().key(), Optional.of(edit.server()));
    } else if (command instanceof Command.RemoveServer remove) {
      of(remove.service()).servers.put(remove.server(), Optional.empty());
    }
  }

  private void settings(VirtualService service) {
    Effect effect = of(service.key());
    effect.removed = false;
    effect.settings = service;
  }

  /** The services that the changes mention. */
  Set<ServiceKey> services() {
    return effects.keySet();
  }

  /** What would have to change for the effects to hold. */
  List<Change> missing(Map<ServiceKey, VirtualService> present) {
    List<VirtualService> wanted = new ArrayList<>();
    Map<ServiceKey, VirtualService> removed = new HashMap<>();
    List<Change> orphans = new ArrayList<>();
    effects.forEach(
        (key, effect) -> {
          VirtualService there = present.get(key);
          if (effect.removed) {
            if (there != null) {
              removed.put(key, there);
            }
          } else if (effect.settings != null || there != null) {
            wanted.add(overlaid(effect, there));
          } else {
            effect.servers.values().stream()
                .flatMap(Optional::stream)
                .forEach(server -> orphans.add(Planner.addition(key, server)));
          }
        });
    List<Change> changes = new ArrayList<>(Planner.converge(wanted, present));
    changes.addAll(orphans);
    changes.addAll(Planner.replaceAll(List.of(), removed));
    return changes;
  }

  private static VirtualService overlaid(Effect effect, @Nullable VirtualService present) {
    Map<ServerKey, RealServer> servers = new LinkedHashMap<>();
    if (present != null) {
      present.realServers().forEach(server -> servers.put(server.key(), server));
    }
    effect.servers.forEach(
        (key, server) ->
            server.ifPresentOrElse(it -> servers.put(key, it), () -> servers.remove(key)));
    VirtualService settings = effect.settings;
    if (settings == null) {
      settings = present;
    }
    if (settings == null) {
      throw new AssertionError("neither wanted nor present");
    }
    return settings.withServers(List.copyOf(servers.values()));
  }
}
