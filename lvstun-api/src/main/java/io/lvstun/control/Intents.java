// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.health.Health;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the core that drains servers and lets them join. */
final class Intents {

  /** An operation under way: which of its destinations have not arrived, and what went wrong. */
  private static final class Operation {
    final Set<Destination> left = new LinkedHashSet<>();
    final List<String> notes = new ArrayList<>();
    boolean reached = true;
  }

  private final Core core;
  private final Map<String, Operation> operations = new LinkedHashMap<>();

  Intents(Core core) {
    this.core = core;
  }

  /** Tells whether some server must be looked at more often. */
  boolean watches() {
    return !operations.isEmpty();
  }

  Set<ServiceKey> watched() {
    Set<ServiceKey> services = new LinkedHashSet<>();
    for (Operation operation : operations.values()) {
      operation.left.forEach(destination -> services.add(destination.service()));
    }
    return services;
  }

  void asked(Event event) {
    if (event instanceof Event.Drain drain) {
      drain(drain);
    } else if (event instanceof Event.Join join) {
      join(join);
    } else if (event instanceof Event.Replace replace) {
      replace(replace);
    } else if (event instanceof Event.Cancel cancel) {
      cancel(cancel.operation());
    }
  }

  private Operation operation(String name) {
    return operations.computeIfAbsent(name, absent -> new Operation());
  }

  private void drain(Event.Drain event) {
    Operation operation = operation(event.operation());
    for (Destination destination : event.destinations()) {
      ManagedService service = core.state.services().get(destination.service());
      if (service == null || server(service, destination.server()) == null) {
        operation.reached = false;
        operation.notes.add(destination + " is not wanted, so there is nothing to drain");
        continue;
      }
      Intent before = core.state.intent(destination);
      if (before != null && !before.operation().equals(event.operation())) {
        leave(before.operation(), destination, false, "another operation took over");
      }
      operation.left.add(destination);
      if (before != null && before.kind() == Intent.Kind.OUT) {
        core.touch(destination.service());
        continue; // it has left already
      }
      boolean udp =
          destination.service() instanceof ServiceKey.Endpoint endpoint
              && endpoint.protocol().equals(Protocol.UDP);
      long deadline = udp ? Math.min(event.deadline(), event.udpDeadline()) : event.deadline();
      Intent intent =
          new Intent(
              Intent.Kind.DRAINING,
              event.operation(),
              core.now(),
              deadline,
              event.waitsForTemplates());
      core.state = core.state.with(destination, intent);
      core.reporter.tell(
          Decision.Kind.DRAINING,
          destination.service(),
          destination.server(),
          destination + " is to drain",
          "asked for; at most " + (deadline - core.now()) / 1000 + " s",
          event.note());
    }
    finishIfEmpty(event.operation());
  }

  private void replace(Event.Replace event) {
    Destination arriving = new Destination(event.old().service(), event.replacement().key());
    Intent intent =
        Intent.replacing(
            event.operation(),
            core.now(),
            event.deadline(),
            event.old().server(),
            event.patience(),
            event.waitsForTemplates());
    ManagedService service = core.state.services().get(event.old().service());
    if (service == null || server(service, event.old().server()) == null) {
      refuse(event.operation(), event.old() + " is not wanted");
    } else if (server(service, arriving.server()) != null) {
      refuse(event.operation(), arriving + " is there already: drain the other");
    } else {
      join(
          new Event.Join(event.operation(), arriving, event.replacement(), event.deadline()),
          intent);
    }
  }

  private void refuse(String name, String note) {
    Operation operation = operation(name);
    operation.reached = false;
    operation.notes.add(note);
    finishIfEmpty(name);
  }

  private void join(Event.Join event) {
    join(
        event,
        new Intent(Intent.Kind.JOINING, event.operation(), core.now(), event.deadline(), false));
  }

  private void join(Event.Join event, Intent intent) {
    Destination destination = event.destination();
    Operation operation = operation(event.operation());
    ManagedService service = core.state.services().get(destination.service());
    RealServer server = event.server();
    boolean isNew;
    try {
      if (service == null) {
        throw new IllegalArgumentException("service " + destination.service() + " is not wanted");
      }
      RealServer present = server(service, destination.server());
      if (server == null && present == null) {
        throw new IllegalArgumentException(destination + " is not wanted");
      }
      isNew = present == null;
      if (server != null && !server.equals(present)) {
        VirtualService whole = service.service();
        whole = present == null ? whole : whole.removeRealServer(present.key());
        service = service.service(whole.addRealServer(server));
        core.state = core.state.with(service);
      }
    } catch (IllegalArgumentException e) {
      refuse(event.operation(), String.valueOf(e.getMessage()));
      return;
    }
    Intent before = core.state.intent(destination);
    if (before != null && !before.operation().equals(event.operation())) {
      leave(before.operation(), destination, false, "another operation took over");
    }
    operation.left.add(destination);
    boolean serves = !isNew && (before == null || before.kind() == Intent.Kind.DRAINING);
    if (serves) {
      core.state = core.state.with(destination, null);
      core.touch(destination.service());
      return; // it is in, and stays
    }
    core.state = core.state.with(destination, intent);
    core.reporter.tell(
        Decision.Kind.JOINING,
        destination.service(),
        destination.server(),
        destination + " will join when its checks pass",
        "asked for; at most " + (event.deadline() - core.now()) / 1000 + " s",
        "");
  }

  private static @Nullable RealServer server(ManagedService service, ServerKey key) {
    for (RealServer server : service.service().realServers()) {
      if (server.key().equals(key)) {
        return server;
      }
    }
    return null;
  }

  private void cancel(String name) {
    for (Map.Entry<Destination, Intent> entry : Map.copyOf(core.state.intents()).entrySet()) {
      Intent intent = entry.getValue();
      if (intent.operation().equals(name)) {
        abandon(entry.getKey(), "it was cancelled");
      }
    }
    if (operations.containsKey(name)) {
      Operation operation = operation(name);
      operation.reached = false;
      operation.left.clear();
      if (operation.notes.isEmpty()) {
        operation.notes.add("cancelled");
      }
      finishIfEmpty(name);
    }
  }

  /** The server is an ordinary one again. */
  private void abandon(Destination destination, String why) {
    core.state = core.state.with(destination, null);
    core.reporter.tell(
        Decision.Kind.ABANDONED,
        destination.service(),
        destination.server(),
        destination + " stays an ordinary server",
        why,
        "");
  }

  /** Drops what was intended with servers that a new value of a service does not have. */
  DesiredState pruned(DesiredState state, ManagedService service) {
    DesiredState left = state;
    for (Map.Entry<Destination, Intent> entry : state.intents().entrySet()) {
      Destination destination = entry.getKey();
      if (destination.service().equals(service.key())
          && server(service, destination.server()) == null) {
        left = left.with(destination, null);
      }
    }
    return left;
  }

  /** Returns the destinations whose intents differ, and makes sure that they are observed. */
  Set<Destination> changed(DesiredState before, DesiredState after) {
    Set<Destination> changed = new HashSet<>();
    for (Map.Entry<Destination, Intent> entry : after.intents().entrySet()) {
      Destination destination = entry.getKey();
      Intent intent = entry.getValue();
      if (!intent.equals(before.intent(destination))) {
        changed.add(destination);
      }
      Track track = core.tracks.get(destination.service());
      if (track != null) {
        var unused = track.member(destination.server());
      }
      if (intent.kind() != Intent.Kind.OUT) {
        operation(intent.operation()).left.add(destination);
      }
    }
    for (Destination destination : before.intents().keySet()) {
      if (after.intent(destination) == null) {
        changed.add(destination);
      }
    }
    return changed;
  }

  /** Moves on whatever a reading of these services allows to. */
  void advance(Set<ServiceKey> scope) {
    if (operations.isEmpty()) {
      return;
    }
    for (Map.Entry<String, Operation> entry : Map.copyOf(operations).entrySet()) {
      for (Destination destination : List.copyOf(entry.getValue().left)) {
        if (scope.contains(destination.service())) {
          advance(entry.getKey(), destination);
        }
      }
    }
  }

  private void advance(String name, Destination destination) {
    Track track = core.tracks.get(destination.service());
    Intent wanted = core.state.intent(destination);
    Intent intent = core.saved.intent(destination);
    if (track == null || !track.has(destination.server())) {
      if (Objects.equals(wanted, intent)) {
        leave(name, destination, false, destination + " is no longer wanted");
      }
      return;
    }
    if (!Objects.equals(wanted, intent)) {
      return; // not stored yet
    }
    ManagedServer member = track.member(destination.server());
    if (intent == null) {
      if (member.listed) {
        leave(name, destination, true, "");
      }
    } else if (intent.kind() == Intent.Kind.OUT) {
      if (!member.listed) {
        if (intent.leaves()) {
          depart(destination);
        }
        leave(name, destination, true, "");
      }
    } else if (intent.kind() == Intent.Kind.DRAINING) {
      drains(name, destination, intent, track, member);
    } else {
      joins(name, destination, intent, track, member);
    }
  }

  private void drains(
      String name, Destination destination, Intent intent, Track track, ManagedServer member) {
    long connections = member.connections + (intent.waitsForTemplates() ? member.templates : 0);
    boolean quiet = (member.quiesced || !member.listed) && connections == 0;
    boolean late = core.now() >= intent.deadline() && core.rules.contains(SafetyRule.DRAIN_ENDS);
    if (!quiet && !late && core.rules.contains(SafetyRule.DRAIN_WAITS)) {
      return;
    }
    if (!quiet && track.held.contains(destination.server())) {
      abandon(destination, "the time is up, and no other server is healthy");
      leave(name, destination, false, destination + " is the last healthy server");
      return;
    }
    core.state = core.state.with(destination, intent.out(core.now()));
    track.because("drain of " + destination.server());
    core.reporter.tell(
        Decision.Kind.DRAINED,
        destination.service(),
        destination.server(),
        destination + " is removed",
        quiet ? "no connection is left" : "the time is up",
        connections + " connections",
        core.now() - intent.since());
    if (!quiet) {
      operation(name)
          .notes
          .add(destination + " still had " + connections + " connections when its time was up");
    }
  }

  private void joins(
      String name, Destination destination, Intent intent, Track track, ManagedServer member) {
    boolean proven = member.checks.isEmpty() || member.health() == Health.UP;
    if (proven) {
      core.state = core.state.with(destination, null);
      if (!track.wanted.slowStart().isZero()) {
        core.startsSlowly(member);
      }
      track.because(destination.server() + " joins");
      core.reporter.tell(
          Decision.Kind.JOINED,
          destination.service(),
          destination.server(),
          destination + " joins",
          member.checks.isEmpty() ? "it has no checks" : "its checks pass",
          "",
          core.now() - intent.since());
      succeed(name, destination, intent);
    } else if (core.now() >= intent.deadline()) {
      core.state = core.state.with(destination, intent.out(core.now()));
      core.reporter.tell(
          Decision.Kind.ABANDONED,
          destination.service(),
          destination.server(),
          destination + " stays out",
          "its checks did not pass in time",
          member.checks.toString(),
          core.now() - intent.since());
      leave(name, destination, false, destination + " did not come up in time");
    }
  }

  /** A server that was replaced is no longer wanted. */
  private void depart(Destination destination) {
    ManagedService service = core.state.services().get(destination.service());
    core.state = core.state.with(destination, null);
    if (service != null && server(service, destination.server()) != null) {
      core.state =
          core.state.with(
              service.service(service.service().removeRealServer(destination.server())));
    }
  }

  /** The successor has joined: the one that it replaces is drained. */
  private void succeed(String name, Destination joined, Intent intent) {
    ServerKey replaced = intent.replaces();
    ManagedService service = core.state.services().get(joined.service());
    if (replaced == null || service == null || server(service, replaced) == null) {
      return; // nobody is replaced, or another operation has removed that server meanwhile
    }
    Destination old = new Destination(joined.service(), replaced);
    long deadline = core.now() + intent.patience();
    Intent before = core.state.intent(old);
    if (before != null && before.kind() == Intent.Kind.DRAINING) {
      // Whoever asked for that drain was promised its time.
      deadline = Math.max(deadline, before.deadline());
      if (!before.operation().equals(name)) {
        leave(before.operation(), old, false, "another operation took over");
      }
    }
    core.state =
        core.state.with(
            old, Intent.replaced(name, core.now(), deadline, intent.waitsForTemplates()));
    operation(name).left.add(old);
    core.reporter.tell(
        Decision.Kind.DRAINING,
        old.service(),
        old.server(),
        old + " is to drain",
        joined.server() + " has joined in its place",
        "");
  }

  private void leave(String name, Destination destination, boolean reached, String note) {
    Operation operation = operations.get(name);
    if (operation == null) {
      return; // it ended before
    }
    operation.left.remove(destination);
    operation.reached &= reached;
    if (!note.isEmpty()) {
      operation.notes.add(note);
    }
    finishIfEmpty(name);
  }

  private void finishIfEmpty(String name) {
    Operation operation = operation(name);
    if (operation.left.isEmpty()) {
      operations.remove(name);
      core.reporter.act(
          new Action.Finish(name, operation.reached, String.join("; ", operation.notes)));
    }
  }
}
