// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import io.lvstun.diagnostics.repair.journal.ChangeStates;
import io.lvstun.diagnostics.repair.journal.HostScript;
import io.lvstun.diagnostics.repair.journal.RunHeader;
import io.lvstun.diagnostics.repair.journal.Session;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.diagnostics.script.HostFanOut;
import io.lvstun.host.FileChange;
import io.lvstun.host.Host;
import io.lvstun.host.HostChange;
import io.lvstun.host.HostException;
import io.lvstun.host.ServiceUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes the tasks of several hosts, host by host in their order, hosts beside one another. */
final class Execution {

  private static final HostFanOut HOSTS =
      new HostFanOut(
          "repair the cluster",
          "What was done is in the journals on the hosts; undo takes it back.",
          16);

  private Execution() {}

  /**
   * What is to be done on a host.
   *
   * @param name its name in results
   */
  record Work(String name, Host host, List<Task> tasks) {}

  /**
   * Takes the tasks. What fails on one host keeps no other from its own.
   *
   * @param stopAtFailure whether the first failure ends the work on a host
   */
  static List<StepResult> run(
      List<Work> works,
      RunHeader header,
      Durability durability,
      boolean stopAtFailure,
      Consumer<StepResult> listener) {
    return each(works, work -> run(work, header, durability, stopAtFailure, listener));
  }

  /** Does something for each of several things at the same time; the results stay in order. */
  static <A> List<StepResult> each(List<A> inputs, Function<A, List<StepResult>> work) {
    if (inputs.size() == 1) {
      return work.apply(inputs.get(0));
    }
    return HOSTS.each(inputs, work).stream().flatMap(List::stream).toList();
  }

  private static List<StepResult> run(
      Work work,
      RunHeader header,
      Durability durability,
      boolean stopAtFailure,
      Consumer<StepResult> listener) {
    List<StepResult> results = new ArrayList<>();
    Consumer<StepResult> note =
        result -> {
          results.add(result);
          listener.accept(result);
        };
    boolean any =
        work.tasks().stream().anyMatch(task -> task.change() != null && task.shown().allowed());
    if (!any) {
      work.tasks().forEach(task -> note.accept(left(task)));
      return results;
    }
    try (Session session =
        Session.begin(new HostScript(work.host()), header.id(), header.write())) {
      take(session, work, durability, stopAtFailure, note);
    } catch (HostException e) {
      String reason = e.reason() + (e.hint().isEmpty() ? "" : ". " + e.hint());
      for (Task task : work.tasks().subList(results.size(), work.tasks().size())) {
        note.accept(result(task, State.FAILED, reason));
      }
    }
    return results;
  }

  private static void take(
      Session session,
      Work work,
      Durability durability,
      boolean stopAtFailure,
      Consumer<StepResult> note) {
    Optional<String> root = durability.rootFor(work.name());
    List<Located> located = new ArrayList<>();
    List<HostChange> known = new ArrayList<>();
    for (Task task : work.tasks()) {
      Located one = locate(task, session.place(), root);
      located.add(one);
      if (one.change() != null) {
        known.add(one.change());
      }
    }
    ChangeStates states = new ChangeStates(session, known);
    Set<Integer> failed = new HashSet<>();
    boolean stopped = false;
    for (Located one : located) {
      Task task = one.task();
      HostChange change = one.change();
      if (change == null) {
        note.accept(one.reason().isEmpty() ? left(task) : result(task, State.LEFT, one.reason()));
        continue;
      }
      if (stopped || (failed.contains(task.group()) && !task.shown().lasting())) {
        note.accept(result(task, State.LEFT, "a step before it failed"));
        continue;
      }
      Session.Outcome outcome = session.take(change, states.of(change));
      if (outcome.state() != State.ALREADY) {
        states.changed(change);
      }
      note.accept(result(task, outcome.state(), detail(outcome, task)));
      if (outcome.state() == State.FAILED) {
        failed.add(task.group());
        stopped = stopAtFailure;
      }
    }
  }

  private static String detail(Session.Outcome outcome, Task task) {
    return outcome.detail().isEmpty() ? task.shown().note() : outcome.detail();
  }

  /** A task with the place where its file is on this host. */
  private record Located(Task task, @Nullable HostChange change, String reason) {}

  private static Located locate(Task task, Session.Place place, Optional<String> root) {
    HostChange change = task.shown().allowed() ? task.change() : null;
    if (change instanceof FileChange file) {
      Optional<String> path = place.path(file.path(), root);
      return path.isPresent()
          ? new Located(task, file.at(path.get()), "")
          : new Located(task, null, place.reason());
    }
    if (change instanceof ServiceUnit unit && unit.root().isEmpty() && !place.machine()) {
      return new Located(task, null, "a network namespace has no services of its own");
    }
    return new Located(task, change, "");
  }

  private static StepResult left(Task task) {
    String note = task.shown().note();
    return result(
        task,
        State.LEFT,
        note.isEmpty() && !task.shown().allowed()
            ? "not allowed: its risk is " + task.shown().risk()
            : note);
  }

  private static StepResult result(Task task, State state, String detail) {
    PlannedStep step = task.shown();
    return new StepResult(step.host(), step.cause(), step.step(), step.lasting(), state, detail);
  }
}
