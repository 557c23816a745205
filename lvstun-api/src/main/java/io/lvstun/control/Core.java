// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Change;
import io.lvstun.ServiceKey;
import io.lvstun.health.Health;
import io.lvstun.health.ServerHealth;
import io.lvstun.state.ServiceState;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides: a state machine that is told of events and answers with actions. It reads no clock, does
 * no I/O and starts no thread; the same events at the same times give the same actions.
 *
 * <p>The cycle: what is wanted is stored first ({@link Action.Save}); each period the whole table
 * is read and compared; services that differ are read again by themselves, and only such a reading
 * is planned upon. What adds comes first; what takes away follows upon another reading, which shows
 * that the rest is there.
 */
final class Core {

  /** How often servers that drain or join are looked at, milliseconds. */
  private static final long POLL = 1000;

  private enum Doing {
    NOTHING,
    SAVING,
    READING,
    WRITING
  }

  final Set<SafetyRule> rules;
  final long period;
  final Reporter reporter = new Reporter();
  final Map<ServiceKey, Track> tracks = new LinkedHashMap<>();

  /** What is wanted, and what of it is stored: the second is acted upon. */
  DesiredState state = DesiredState.EMPTY;

  DesiredState saved = DesiredState.EMPTY;

  private final Convergence convergence = new Convergence(this);
  private final Intents intents = new Intents(this);
  private final Set<ServiceKey> dirty = new LinkedHashSet<>();
  private Doing doing = Doing.NOTHING;
  private @Nullable DesiredState saving;
  private boolean saveFailed;
  private @Nullable String unsaved;
  private @Nullable String unreadable;
  private long unreadableSince;
  private boolean started;
  private boolean readAll;
  private long nextRead;
  private long nextPoll;
  private long now;

  private final boolean dryRun;

  Core(long period, Set<SafetyRule> rules, boolean dryRun) {
    this.period = period;
    this.rules = rules;
    this.dryRun = dryRun;
  }

  long now() {
    return now;
  }

  /** Tells when a tick is due. */
  long wakeAt() {
    return intents.watches() ? Math.min(nextRead, nextPoll) : nextRead;
  }

  List<Action> handle(long time, Event event) {
    now = Math.max(now, time);
    reporter.at(now);
    dispatch(event);
    next();
    return reporter.drain();
  }

  private void dispatch(Event event) {
    if (event instanceof Event.Tick) {
      tick();
    } else if (event instanceof Event.Checked checked) {
      checked(checked);
    } else if (event instanceof Event.Load load) {
      load(load);
    } else if (event instanceof Event.Observed observed) {
      observed(observed);
    } else if (event instanceof Event.Applied applied) {
      doing = Doing.NOTHING;
      dirty.addAll(convergence.applied(applied));
    } else if (event instanceof Event.Want want) {
      want(want);
    } else if (event instanceof Event.Unwant unwant) {
      unwant(unwant.service());
    } else if (event instanceof Event.Saved) {
      saved();
    } else if (event instanceof Event.SaveFailed failed) {
      saveFailed(failed.reason());
    } else if (event instanceof Event.ReadFailed failed) {
      readFailed(failed.reason());
    } else if (event instanceof Event.Started begun) {
      started(begun);
    } else {
      intents.asked(event);
    }
  }

  /** At most one action that is answered is under way. */
  private void next() {
    if (doing != Doing.NOTHING || !started) {
      return;
    }
    if (!state.equals(saved) && !saveFailed) {
      doing = Doing.SAVING;
      saving = state;
      if (!rules.contains(SafetyRule.STORE_FIRST)) {
        adopt(state);
      }
      reporter.act(new Action.Save(state));
    } else if (readAll) {
      readAll = false;
      doing = Doing.READING;
      reporter.act(new Action.Read(null));
    } else if (!dirty.isEmpty() && unreadable == null) {
      doing = Doing.READING;
      Set<ServiceKey> scope = new LinkedHashSet<>(dirty);
      dirty.clear();
      reporter.act(new Action.Read(scope));
    }
  }

  private void started(Event.Started event) {
    started = true;
    state = event.stored();
    saved = DesiredState.EMPTY;
    String rejected = event.rejected();
    if (rejected != null) {
      reporter.tell(
          Decision.Kind.STATE_REJECTED, null, null, "the stored state is not used", rejected, "");
    }
    reporter.tell(
        Decision.Kind.STARTED,
        null,
        null,
        "the controller starts with " + state.services().size() + " services",
        event.origin(),
        "");
    // What comes from the store is stored.
    adopt(state);
    readAll = true;
    nextRead = now + period;
    nextPoll = now + POLL;
  }

  private void tick() {
    if (now >= nextRead) {
      readAll = true;
      saveFailed = false;
      nextRead = now + period;
    }
    if (intents.watches() && now >= nextPoll) {
      nextPoll = now + Math.min(POLL, period);
      intents.watched().forEach(this::touch);
    }
  }

  // -- what is wanted -----------------------------------------------------------------------------

  private void want(Event.Want event) {
    Set<ServiceKey> named = new LinkedHashSet<>();
    for (ManagedService service : event.services()) {
      named.add(service.key());
      ManagedService before = state.services().get(service.key());
      if (service.equals(before)) {
        continue;
      }
      state = intents.pruned(state.with(service), service);
      reporter.tell(
          Decision.Kind.DESIRED,
          service.key(),
          null,
          before == null
              ? "service " + service.key() + " is wanted"
              : "service " + service.key() + " changed",
          "requested by the application",
          before == null ? service.toString() : before + "\n" + service);
    }
    if (event.nothingElse()) {
      for (ServiceKey key : List.copyOf(state.services().keySet())) {
        if (!named.contains(key)) {
          unwant(key);
        }
      }
    }
  }

  private void unwant(ServiceKey key) {
    if (state.services().containsKey(key)) {
      state = state.without(key);
      reporter.tell(
          Decision.Kind.DESIRED,
          key,
          null,
          "service " + key + " is no longer wanted",
          "requested by the application",
          "");
    }
  }

  private void saved() {
    doing = Doing.NOTHING;
    DesiredState stored = saving;
    saving = null;
    if (unsaved != null) {
      reporter.tell(Decision.Kind.STORE_BACK, null, null, "the state can be stored again", "", "");
      unsaved = null;
    }
    if (stored != null) {
      adopt(stored);
    }
  }

  private void saveFailed(String reason) {
    doing = Doing.NOTHING;
    saving = null;
    saveFailed = true;
    if (!reason.equals(unsaved)) {
      unsaved = reason;
      reporter.tell(
          Decision.Kind.STORE_FAILED,
          null,
          null,
          "the state cannot be stored, so nothing new is started",
          reason,
          "");
    }
  }

  /** From here on, this is what is acted upon. */
  private void adopt(DesiredState stored) {
    DesiredState before = saved;
    saved = stored;
    for (Map.Entry<ServiceKey, ManagedService> entry : stored.services().entrySet()) {
      Track track = tracks.get(entry.getKey());
      if (track == null) {
        tracks.put(entry.getKey(), new Track(entry.getValue()));
        dirty.add(entry.getKey());
      } else if (!track.wanted.equals(entry.getValue())) {
        track.want(entry.getValue());
        track.because("another service is wanted");
        dirty.add(entry.getKey());
      }
    }
    tracks.keySet().retainAll(stored.services().keySet());
    dirty.addAll(stored.retired());
    if (!before.intents().equals(stored.intents())) {
      for (Destination destination : intents.changed(before, stored)) {
        touch(destination.service());
      }
    }
  }

  /** What should be in the table may have changed. */
  void touch(ServiceKey key) {
    Track track = tracks.get(key);
    if (track != null) {
      track.effective = null;
      dirty.add(key);
    }
  }

  // -- health and load ----------------------------------------------------------------------------

  private void checked(Event.Checked event) {
    Track track = tracks.get(event.destination().service());
    if (track == null || !track.has(event.destination().server())) {
      return;
    }
    ManagedServer member = track.member(event.destination().server());
    ServerHealth.Checked before =
        event.state() == null
            ? member.checks.remove(event.check())
            : member.checks.put(event.check(), event.state());
    if (before != null && event.state() != null && says(before).equals(says(event.state()))) {
      return;
    }
    Health health = member.health();
    if (health != member.told && health != Health.UNKNOWN) {
      told(track, event, member, health);
    }
    if (track.effectiveChanges(saved, now, rules)) {
      touch(event.destination().service());
    }
  }

  /** What of a check's state counts for the table. */
  private static List<Object> says(ServerHealth.Checked checked) {
    return List.of(checked.policy(), checked.state().health(), checked.state().shift());
  }

  private void told(Track track, Event.Checked event, ManagedServer member, Health health) {
    Health before = member.told;
    long since = member.toldAt;
    member.told = health;
    member.toldAt = now;
    if (before == Health.UNKNOWN && health == Health.UP) {
      return; // as everybody expected
    }
    boolean up = health == Health.UP;
    if (up && !track.wanted.slowStart().isZero()) {
      startsSlowly(member);
    }
    String evidence =
        event.state() == null
            ? ""
            : event.state().state().last().map(result -> result.toString()).orElse("");
    track.because(event.destination().server() + (up ? " is up" : " is down"));
    reporter.tell(
        up ? Decision.Kind.UP : Decision.Kind.DOWN,
        track.wanted.key(),
        event.destination().server(),
        event.destination() + (up ? " is up" : " is down"),
        "check " + event.check(),
        evidence,
        since == 0 ? 0 : now - since);
  }

  void startsSlowly(ManagedServer member) {
    if (rules.contains(SafetyRule.SLOW_START)) {
      member.slowFrom = now;
    }
  }

  private void load(Event.Load event) {
    Track track = tracks.get(event.destination().service());
    if (track == null || !track.has(event.destination().server())) {
      return;
    }
    ManagedServer member = track.member(event.destination().server());
    Integer weight = event.weight();
    if (weight == null ? member.load == null : weight.equals(member.load)) {
      return;
    }
    Integer before = member.load;
    member.load = weight;
    track.because("load of " + event.destination().server());
    reporter.tell(
        Decision.Kind.WEIGHT,
        event.destination().service(),
        event.destination().server(),
        weight == null
            ? event.destination() + " has its own weight again"
            : event.destination() + " is to have weight " + weight,
        event.source(),
        before == null ? "" : "before: " + before);
    touch(event.destination().service());
  }

  // -- the table ----------------------------------------------------------------------------------

  private void readFailed(String reason) {
    doing = Doing.NOTHING;
    if (unreadable == null) {
      unreadableSince = now;
    }
    if (!reason.equals(unreadable)) {
      unreadable = reason;
      reporter.tell(
          Decision.Kind.KERNEL_LOST,
          null,
          null,
          "the table cannot be read, so nothing is changed; retrying every period",
          reason,
          "");
    }
  }

  private void observed(Event.Observed event) {
    doing = Doing.NOTHING;
    if (unreadable != null) {
      unreadable = null;
      reporter.tell(
          Decision.Kind.KERNEL_BACK,
          null,
          null,
          "the table can be read again",
          "",
          "",
          now - unreadableSince);
    }
    if (event.scope() == null) {
      compare(event.states());
    } else {
      convergence.count(event.scope(), event.states());
      DesiredState before = state;
      intents.advance(event.scope());
      if (!state.equals(before)) {
        dirty.addAll(event.scope()); // first it is stored what the steps depend upon
        return;
      }
      List<Change> changes = convergence.plan(event.scope(), event.states());
      if (dryRun) {
        convergence.pretend();
      } else if (!changes.isEmpty()) {
        doing = Doing.WRITING;
        reporter.act(new Action.Write(changes));
      }
    }
  }

  /** A reading of all may miss entries while others write: it only tells what to look at. */
  private void compare(Map<ServiceKey, ServiceState> states) {
    for (Map.Entry<ServiceKey, Track> entry : tracks.entrySet()) {
      Track track = entry.getValue();
      if (convergence.differs(track, states.get(entry.getKey()))) {
        dirty.add(entry.getKey());
      }
    }
    dirty.addAll(saved.retired());
    if (!rules.contains(SafetyRule.ONLY_OWNED)) {
      dirty.addAll(states.keySet());
    }
    if (!rules.contains(SafetyRule.FRESH_READING)) {
      convergence.count(tracks.keySet(), states);
      intents.advance(tracks.keySet());
    }
  }
}
