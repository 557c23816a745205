// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Change;
import io.lvstun.Command;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the core that compares the table with what it should be, and plans the steps. */
final class Convergence {

  private final Core core;

  /** What the write under way changes, by service; null for a service that is to go. */
  private final Map<ServiceKey, List<Change>> writing = new LinkedHashMap<>();

  Convergence(Core core) {
    this.core = core;
  }

  private boolean keeps(SafetyRule rule) {
    return core.rules.contains(rule);
  }

  private void tell(
      Decision.Kind kind, ServiceKey service, String what, String why, String evidence, long took) {
    core.reporter.tell(kind, service, null, what, why, evidence, took);
  }

  /** Compares a service with a reading of all; tells whether it must be looked at. */
  boolean differs(Track track, @Nullable ServiceState present) {
    track.unraised = null;
    ageSlowStarts(track);
    Effective effective = track.effective(core.saved, core.now(), core.rules);
    if (present == null || !present.definition().equals(effective.service()) || !track.met) {
      return true;
    }
    settle(track, effective);
    return false;
  }

  /** Takes the connection counts of a reading. */
  void count(Set<ServiceKey> scope, Map<ServiceKey, ServiceState> states) {
    for (ServiceKey key : scope) {
      Track track = core.tracks.get(key);
      if (track != null) {
        track.count(states.get(key));
      }
    }
  }

  private void ageSlowStarts(Track track) {
    for (Map.Entry<ServerKey, ManagedServer> entry : track.members.entrySet()) {
      ManagedServer member = entry.getValue();
      if (member.slowFrom >= 0) {
        track.effective = null;
        track.because("slow start of " + entry.getKey());
        if (core.now() - member.slowFrom >= track.wanted.slowStart().toMillis()) {
          member.slowFrom = -1;
        }
      }
    }
  }

  /** Plans the next steps on a reading that was made for them. */
  List<Change> plan(Set<ServiceKey> scope, Map<ServiceKey, ServiceState> states) {
    List<Change> changes = new ArrayList<>();
    writing.clear();
    for (ServiceKey key : scope) {
      ServiceState present = states.get(key);
      Track track = core.tracks.get(key);
      if (track != null) {
        List<Change> steps = steps(track, present == null ? null : present.definition());
        if (!steps.isEmpty()) {
          writing.put(key, steps);
          changes.addAll(steps);
        }
      } else if (core.saved.retired().contains(key) || !keeps(SafetyRule.ONLY_OWNED)) {
        if (present == null) {
          core.state = core.state.gone(key);
        } else {
          Change removal = new Change(new Command.RemoveService(key), List.of());
          writing.put(key, List.of(removal));
          changes.add(removal);
        }
      }
    }
    return changes;
  }

  private List<Change> steps(Track track, @Nullable VirtualService present) {
    long now = core.now();
    if (!track.met) {
      meet(track, present);
    }
    Effective effective = track.effective(core.saved, now, core.rules);
    report(track, effective);
    VirtualService wanted = effective.service();
    if (wanted.equals(present)) {
      settle(track, effective);
      return List.of();
    }
    noteDrift(track, present);
    if (track.fight.waits(now) && wanted.equals(track.target)) {
      return List.of();
    }
    Phases phases = Phases.between(present, wanted);
    boolean switches = !keeps(SafetyRule.SORRY_FIRST) && track.wanted.pool().sorry().isPresent();
    if (!keeps(SafetyRule.ADD_BEFORE_REMOVE) || switches) {
      if (!phases.lowers().isEmpty() && (switches || covered(track, phases, present, wanted))) {
        track.more = !phases.raises().isEmpty();
        track.target = wanted;
        return phases.lowers();
      }
    }
    if (!phases.raises().isEmpty() && !wanted.equals(track.unraised)) {
      track.raising = wanted;
      track.more = !phases.lowers().isEmpty();
      track.target = track.more ? null : wanted; // what is left to do need not wait
      return phases.raises();
    }
    if (phases.lowers().isEmpty() || !covered(track, phases, present, wanted)) {
      return List.of();
    }
    track.more = false;
    track.target = wanted;
    return phases.lowers();
  }

  /** The first look at a service: what serves already goes on to until it is known to be down. */
  private void meet(Track track, @Nullable VirtualService present) {
    track.met = true;
    if (present == null) {
      track.because("the service is not in the table");
      return;
    }
    for (RealServer server : present.realServers()) {
      if (server.weight() > 0 && track.has(server.key())) {
        track.member(server.key()).adopted = true;
      }
    }
    track.effective = null;
    VirtualService wanted = track.effective(core.saved, core.now(), core.rules).service();
    List<Change> difference = both(Phases.between(present, wanted));
    track.because("the table was found different");
    tell(
        Decision.Kind.ADOPTED,
        track.wanted.key(),
        "service " + track.wanted.key() + " was found and is taken over",
        difference.isEmpty() ? "it is as wanted" : "it differs from what is wanted",
        Reporter.lines(difference),
        0);
  }

  private static List<Change> both(Phases phases) {
    List<Change> all = new ArrayList<>(phases.raises());
    all.addAll(phases.lowers());
    return all;
  }

  private void noteDrift(Track track, @Nullable VirtualService present) {
    VirtualService settled = track.settled;
    if (settled == null || settled.equals(present) || track.drift != null) {
      return;
    }
    long now = core.now();
    String difference = Reporter.lines(both(Phases.between(present, settled)));
    track.drift = difference;
    track.driftSince = now;
    track.because("another program changed it");
    tell(
        Decision.Kind.DRIFT,
        track.wanted.key(),
        "service " + track.wanted.key() + (present == null ? " is gone" : " was changed"),
        "another program did it",
        "to be done:\n" + difference,
        0);
    if (keeps(SafetyRule.BACK_OFF) && track.fight.drifted(now, core.period)) {
      tell(
          Decision.Kind.FIGHT,
          track.wanted.key(),
          "another program changes service " + track.wanted.key() + " again and again",
          track.fight.drifts()
              + " times in "
              + (now - track.fight.since()) / 1000
              + " s; repairs become rarer. Look for a second controller, keepalived, or a script",
          difference,
          0);
    }
  }

  /** Tells whether the lowering steps may be done: somebody goes on serving. */
  private boolean covered(
      Track track, Phases phases, @Nullable VirtualService present, VirtualService wanted) {
    boolean weighty = wanted.realServers().stream().anyMatch(server -> server.weight() > 0);
    if (!weighty || phases.leavesServing(present) || !keeps(SafetyRule.KEEP_SERVING)) {
      track.lastHold = "";
      return true;
    }
    String steps = Reporter.lines(phases.lowers());
    if (!steps.equals(track.lastHold)) {
      track.lastHold = steps;
      tell(
          Decision.Kind.HELD,
          track.wanted.key(),
          "service " + track.wanted.key() + " keeps its servers for now",
          "their replacements could not be added: " + track.lastFailure,
          steps,
          0);
    }
    return false;
  }

  private void settle(Track track, Effective effective) {
    long now = core.now();
    track.settled = effective.service();
    track.lastFailure = "";
    track.lastHold = "";
    track.causes.clear();
    if (track.drift != null) {
      tell(
          Decision.Kind.REPAIRED,
          track.wanted.key(),
          "service " + track.wanted.key() + " is as wanted again",
          "",
          track.drift,
          now - track.driftSince);
      track.drift = null;
    }
    if (track.fight.quiet(now, core.period)) {
      tell(
          Decision.Kind.FIGHT_ENDED,
          track.wanted.key(),
          "service " + track.wanted.key() + " is no longer changed by the other program",
          "",
          "",
          now - track.fight.since());
    }
  }

  /** Tells of what health has made of the service. */
  private void report(Track track, Effective effective) {
    ServiceKey key = track.wanted.key();
    if (effective.panic() != track.panic) {
      track.panic = effective.panic();
      tell(
          track.panic ? Decision.Kind.PANIC : Decision.Kind.PANIC_ENDED,
          key,
          track.panic
              ? "service " + key + " uses all its servers"
              : "service " + key + " uses its healthy servers again",
          track.panic ? "too few are healthy" : "enough are healthy",
          "",
          0);
    }
    if (effective.quorum() != track.quorum) {
      track.quorum = effective.quorum();
      tell(
          track.quorum ? Decision.Kind.QUORUM_GAINED : Decision.Kind.QUORUM_LOST,
          key,
          "service " + key + (track.quorum ? " has its quorum again" : " has lost its quorum"),
          "",
          "",
          0);
      track.effective = null;
    }
    if (!effective.held().equals(track.held)) {
      track.held = effective.held();
      if (!track.held.isEmpty()) {
        tell(
            Decision.Kind.HELD,
            key,
            "service " + key + " keeps using servers that should drain",
            "it has no other healthy server",
            track.held.toString(),
            0);
      }
    }
  }

  /** Dry run: says once what the write would be. */
  void pretend() {
    writing.forEach(
        (key, steps) -> {
          Track track = core.tracks.get(key);
          String text = Reporter.lines(steps);
          if (track == null || !text.equals(track.pretended)) {
            String why = track == null ? "" : String.join("; ", track.causes);
            tell(
                Decision.Kind.WOULD_APPLY,
                key,
                "service " + key + " would be changed",
                why,
                text,
                0);
          }
          if (track != null) {
            track.pretended = text;
            track.settled = null;
            track.causes.clear();
          }
        });
    writing.clear();
  }

  /** Takes the outcome of a write; returns the services that have steps left. */
  Set<ServiceKey> applied(Event.Applied event) {
    Map<ServiceKey, List<String>> failures = new HashMap<>();
    for (Event.Refused refused : event.refused()) {
      ServiceKey key = serviceOf(refused.command());
      if (key != null) {
        failures
            .computeIfAbsent(key, absent -> new ArrayList<>())
            .add(
                refused.command().operation()
                    + " "
                    + refused.command().target()
                    + ": "
                    + refused.reason());
      }
    }
    Set<ServiceKey> left = new LinkedHashSet<>();
    for (Map.Entry<ServiceKey, List<Change>> entry : writing.entrySet()) {
      ServiceKey key = entry.getKey();
      List<String> failed = failures.getOrDefault(key, List.of());
      String broken = event.broken();
      if (broken != null) {
        failed = List.of(broken);
      }
      Track track = core.tracks.get(key);
      if (failed.isEmpty()) {
        done(key, track, entry.getValue(), event.took(), left);
      } else {
        failed(key, track, failed, left);
      }
    }
    writing.clear();
    return left;
  }

  private void done(
      ServiceKey key, @Nullable Track track, List<Change> steps, long took, Set<ServiceKey> left) {
    String why =
        track == null ? "the service is no longer wanted" : String.join("; ", track.causes);
    tell(
        Decision.Kind.APPLIED,
        key,
        "service " + key + " was changed",
        why,
        Reporter.lines(steps),
        took);
    if (track == null || track.more) {
      if (track != null) {
        track.settled = null;
      }
      left.add(key); // the rest, or to see that it is gone
      return;
    }
    VirtualService target = track.target;
    Effective effective = track.effective;
    if (effective != null && effective.service().equals(target)) {
      settle(track, effective);
    } else {
      track.settled = target;
      left.add(key);
    }
  }

  private void failed(
      ServiceKey key, @Nullable Track track, List<String> failed, Set<ServiceKey> left) {
    String text = Reporter.lines(failed);
    if (track == null) {
      tell(
          Decision.Kind.APPLY_FAILED, key, "service " + key + " could not be removed", "", text, 0);
      return;
    }
    track.settled = null;
    track.unraised = track.raising;
    if (!text.equals(track.lastFailure)) {
      track.lastFailure = text;
      tell(
          Decision.Kind.APPLY_FAILED,
          key,
          "service " + key + " could not be changed as wanted; retrying every period",
          failed.get(0),
          text,
          0);
    }
    if (track.more) {
      left.add(key);
    }
  }

  private static @Nullable ServiceKey serviceOf(Command command) {
    if (command instanceof Command.AddService add) {
      return add.service().key();
    } else if (command instanceof Command.EditService edit) {
      return edit.service().key();
    } else if (command instanceof Command.RemoveService remove) {
      return remove.service();
    } else if (command instanceof Command.AddServer add) {
      return add.service();
    } else if (command instanceof Command.EditServer edit) {
      return edit.service();
    } else if (command instanceof Command.RemoveServer remove) {
      return remove.service();
    }
    return null;
  }
}
