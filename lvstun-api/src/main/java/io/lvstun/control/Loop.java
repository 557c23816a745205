// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.ApplyException;
import io.lvstun.ApplyReport;
import io.lvstun.Change;
import io.lvstun.Consistency;
import io.lvstun.Director;
import io.lvstun.LvsException;
import io.lvstun.OnFailure;
import io.lvstun.Plan;
import io.lvstun.ServiceKey;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries out what the core wants, and tells it how that went. Of one thread. */
final class Loop {

  /** Up to so many services are read one by one. */
  private static final int READ_SINGLY = 8;

  private final Core core;
  private final LongSupplier clock;
  private final Supplier<Director> director;
  private final DesiredStateStore store;
  private final String table;
  private final Consumer<Decision> decisions;
  private final Consumer<Action.Finish> ends;
  private final Deque<Event> events = new ArrayDeque<>();

  Loop(
      Core core,
      LongSupplier clock,
      Supplier<Director> director,
      DesiredStateStore store,
      String table,
      Consumer<Decision> decisions,
      Consumer<Action.Finish> ends) {
    this.core = core;
    this.clock = clock;
    this.director = director;
    this.store = store;
    this.table = table;
    this.decisions = decisions;
    this.ends = ends;
  }

  /** Makes the first event out of what is stored. */
  Event.Started begin() throws IOException {
    String text = store.load().orElse(null);
    if (text == null) {
      return new Event.Started(DesiredState.EMPTY, store.place() + " has no state yet", null);
    }
    try {
      StateText.Read read = StateText.read(text);
      if (read.table().equals(table)) {
        return new Event.Started(read.state(), "as stored in " + store.place(), null);
      }
      return new Event.Started(
          read.state().withoutRetired(),
          "as stored in " + store.place(),
          store.place()
              + " was written for another table ("
              + read.table()
              + ", this is "
              + table
              + "): services that it lists as its own are left alone here");
    } catch (StateText.RejectedException e) {
      if (e.foreign) {
        throw new IOException(
            store.place() + ": " + e.getMessage() + ". Name another file for the state", e);
      }
      String kept = store.setAside().map(place -> "; it is kept as " + place).orElse("");
      return new Event.Started(
          DesiredState.EMPTY, "without a state", store.place() + ": " + e.getMessage() + kept);
    }
  }

  /** Lets the core decide on an event, and on all that follows from it. */
  void deliver(Event event) {
    events.add(event);
    for (Event next = events.poll(); next != null; next = events.poll()) {
      for (Action action : core.handle(clock.getAsLong(), next)) {
        Event answer = perform(action);
        if (answer != null) {
          events.addFirst(answer);
        }
      }
    }
  }

  /** After a fault of this program: what was under way is forgotten, and read anew. */
  void recover() {
    events.clear();
    try {
      deliver(new Event.ReadFailed("an internal error"));
    } catch (RuntimeException e) {
      events.clear(); // the next period tries again
    }
  }

  private @Nullable Event perform(Action action) {
    if (action instanceof Action.Tell tell) {
      decisions.accept(tell.decision());
      return null;
    } else if (action instanceof Action.Finish finish) {
      ends.accept(finish);
      return null;
    } else if (action instanceof Action.Read read) {
      return read(read.scope());
    } else if (action instanceof Action.Write write) {
      return write(write.changes());
    }
    return save(((Action.Save) action).state());
  }

  private Event read(@Nullable Set<ServiceKey> scope) {
    Map<ServiceKey, ServiceState> states = new HashMap<>();
    try {
      if (scope == null) {
        for (ServiceState state : director.get().services(Consistency.SINGLE_PASS)) {
          states.put(state.key(), state);
        }
      } else if (scope.size() <= READ_SINGLY) {
        for (ServiceKey key : scope) {
          director.get().find(key).ifPresent(state -> states.put(key, state));
        }
      } else {
        for (ServiceState state : director.get().services(Consistency.VERIFIED)) {
          if (scope.contains(state.key())) {
            states.put(state.key(), state);
          }
        }
      }
    } catch (RuntimeException e) {
      return new Event.ReadFailed(String.valueOf(e.getMessage()));
    }
    return new Event.Observed(scope, states);
  }

  private Event write(List<Change> changes) {
    long from = clock.getAsLong();
    List<Event.Refused> refused = new ArrayList<>();
    String broken = null;
    try {
      director.get().apply(new Plan(changes, OnFailure.KEEP));
    } catch (ApplyException e) {
      for (ApplyReport.FailedChange failure : e.report().failed()) {
        refused.add(new Event.Refused(failure.change().command(), words(failure.error())));
      }
      for (Change change : e.report().notAttempted()) {
        refused.add(new Event.Refused(change.command(), "not attempted"));
      }
      if (refused.isEmpty()) {
        broken = words(e);
      }
    } catch (LvsException e) {
      broken = words(e);
    } catch (RuntimeException e) {
      broken = String.valueOf(e.getMessage());
    }
    return new Event.Applied(refused, broken, clock.getAsLong() - from);
  }

  private static String words(LvsException error) {
    return error.hint().isEmpty() ? error.reason() : error.reason() + ". " + error.hint();
  }

  private Event save(DesiredState state) {
    try {
      store.save(StateText.write(state, table));
      return new Event.Saved();
    } catch (IOException | RuntimeException e) {
      return new Event.SaveFailed(store.place() + ": " + e);
    }
  }
}
