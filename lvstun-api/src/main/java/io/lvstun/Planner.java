// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the desired and the present services, hashed by key. */
final class Planner {

  private final List<Change> changes = new ArrayList<>();
  private final List<Change> removals = new ArrayList<>();

  /** Plans the services wanted, against those present; others are not touched. */
  static List<Change> converge(
      Collection<VirtualService> wanted, Map<ServiceKey, VirtualService> present) {
    Planner planner = new Planner();
    planner.services(wanted, present);
    return planner.ordered();
  }

  /** Plans the services wanted and the removal of all others. */
  static List<Change> replaceAll(
      Collection<VirtualService> wanted, Map<ServiceKey, VirtualService> present) {
    Planner planner = new Planner();
    Set<ServiceKey> keys = planner.services(wanted, present);
    present.forEach(
        (key, service) -> {
          if (!keys.contains(key)) {
            planner.removeService(service);
          }
        });
    return planner.ordered();
  }

  private List<Change> ordered() {
    changes.addAll(removals);
    return changes;
  }

  @CanIgnoreReturnValue
  private Set<ServiceKey> services(
      Collection<VirtualService> wanted, Map<ServiceKey, VirtualService> present) {
    Set<ServiceKey> keys = new HashSet<>(wanted.size() * 2);
    for (VirtualService service : wanted) {
      if (!keys.add(service.key())) {
        throw new IllegalArgumentException("service " + service.key() + " is given twice");
      }
      service(service, present.get(service.key()));
    }
    return keys;
  }

  private void service(VirtualService wanted, @Nullable VirtualService present) {
    if (present == null) {
      changes.add(addition(wanted));
      addServers(wanted, changes);
      return;
    }
    if (!wanted.sameSettings(present)) {
      changes.add(new Change(new Command.EditService(wanted), new Command.EditService(present)));
    }
    servers(wanted.key(), wanted.realServers(), present.realServers());
  }

  private void servers(ServiceKey service, List<RealServer> wanted, List<RealServer> present) {
    if (sameInEitherOrder(wanted, present)) {
      return;
    }
    Map<ServerKey, RealServer> left = new HashMap<>(present.size() * 2);
    for (RealServer server : present) {
      left.put(server.key(), server);
    }
    for (RealServer server : wanted) {
      RealServer before = left.remove(server.key());
      if (before == null) {
        changes.add(addition(service, server));
      } else if (!before.equals(server)) {
        changes.add(
            new Change(
                new Command.EditServer(service, server), new Command.EditServer(service, before)));
      }
    }
    for (RealServer server : present) {
      if (left.containsKey(server.key())) {
        removals.add(
            new Change(
                new Command.RemoveServer(service, server.key()),
                new Command.AddServer(service, server)));
      }
    }
  }

  /** The kernel lists the servers last first: most tables are equal in one order or the other. */
  private static boolean sameInEitherOrder(List<RealServer> wanted, List<RealServer> present) {
    int size = wanted.size();
    if (size != present.size()) {
      return false;
    }
    if (size == 0) {
      return true;
    }
    boolean reversed = !wanted.get(0).equals(present.get(0));
    for (int i = 0; i < size; i++) {
      if (!wanted.get(i).equals(present.get(reversed ? size - 1 - i : i))) {
        return false;
      }
    }
    return true;
  }

  /** Adds a service, without its real servers. */
  static Change addition(VirtualService service) {
    return new Change(new Command.AddService(service), new Command.RemoveService(service.key()));
  }

  /** Adds the real servers of a service. */
  static List<Change> additions(VirtualService service) {
    List<Change> additions = new ArrayList<>(service.realServers().size());
    addServers(service, additions);
    return additions;
  }

  private static void addServers(VirtualService service, List<Change> changes) {
    for (RealServer server : service.realServers()) {
      changes.add(addition(service.key(), server));
    }
  }

  /** Adds a real server. */
  static Change addition(ServiceKey service, RealServer server) {
    return new Change(
        new Command.AddServer(service, server), new Command.RemoveServer(service, server.key()));
  }

  private void removeService(VirtualService present) {
    List<Command> undo = new ArrayList<>(present.realServers().size() + 1);
    undo.add(new Command.AddService(present));
    for (RealServer server : present.realServers()) {
      undo.add(new Command.AddServer(present.key(), server));
    }
    removals.add(new Change(new Command.RemoveService(present.key()), undo));
  }

  /** Plans what brings a whole snapshot about. */
  static List<Change> restore(Snapshot wanted, Snapshot present) {
    Map<ServiceKey, VirtualService> services = new HashMap<>();
    present.services().forEach(service -> services.put(service.key(), service));
    List<Change> plan = new ArrayList<>();
    // A running daemon and servers of mixed families rule each other out: stop first, start last.
    for (SyncDaemon daemon : present.syncDaemons()) {
      if (wanted.syncDaemons().stream().noneMatch(other -> same(other, daemon))) {
        plan.add(
            new Change(new Command.StopDaemon(daemon.role()), new Command.StartDaemon(daemon)));
      }
    }
    if (!wanted.timeouts().equals(present.timeouts())) {
      plan.add(
          new Change(
              new Command.SetTimeouts(wanted.timeouts()),
              new Command.SetTimeouts(present.timeouts())));
    }
    plan.addAll(replaceAll(wanted.services(), services));
    for (SyncDaemon daemon : wanted.syncDaemons()) {
      if (present.syncDaemons().stream().noneMatch(other -> same(daemon, other))) {
        plan.add(
            new Change(new Command.StartDaemon(daemon), new Command.StopDaemon(daemon.role())));
      }
    }
    return plan;
  }

  /** A maximum length of 0 leaves it to the kernel, which reports what it chose. */
  private static boolean same(SyncDaemon wanted, SyncDaemon present) {
    return (wanted.maxLength() == 0 ? wanted.maxLength(present.maxLength()) : wanted)
        .equals(present);
  }
}
