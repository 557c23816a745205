// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.lvstun.LvsException;
import io.lvstun.cluster.Node;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.repair.journal.ChangeStates;
import io.lvstun.diagnostics.repair.journal.HostScript;
import io.lvstun.diagnostics.repair.journal.HostScript.Answer;
import io.lvstun.diagnostics.repair.journal.JournalEntry;
import io.lvstun.diagnostics.repair.journal.JournalledRun;
import io.lvstun.diagnostics.repair.journal.Printable;
import io.lvstun.diagnostics.repair.journal.RunHeader;
import io.lvstun.diagnostics.repair.journal.Session;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.Hex;
import io.lvstun.host.FileChange;
import io.lvstun.host.Host;
import io.lvstun.host.HostChange;
import io.lvstun.host.HostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Takes back what {@link Repair} and {@link Preparation} did, by the journals that they keep on the
 * hosts, under {@code /var/lib/lvstun}.
 *
 * <p>Steps are taken back in reverse order, each only if the host still is as the step left it.
 * What somebody else has changed since is left for good, and said. A run that died half-way is
 * taken back as far as it got. Taking back twice does nothing the second time.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Undo {

  private final Map<String, Host> hosts;

  private Undo(Map<String, Host> hosts) {
    this.hosts = hosts;
  }

  /**
   * Returns the undoing of what was done on some hosts.
   *
   * @param hosts the hosts
   * @return what can undo
   */
  public static Undo on(Host... hosts) {
    Map<String, Host> named = new LinkedHashMap<>();
    for (Host host : hosts) {
      String name = named.containsKey(host.label()) ? host.specification() : host.label();
      named.put(name, host);
    }
    return new Undo(named);
  }

  /**
   * Returns the undoing of what was done on the hosts of a topology.
   *
   * @param topology the hosts
   * @return what can undo
   */
  public static Undo on(Topology topology) {
    Map<String, Host> named = new LinkedHashMap<>();
    for (Node node : topology.nodes()) {
      named.put(node.name(), node.host());
    }
    return new Undo(named);
  }

  /**
   * Returns what the journals hold.
   *
   * @return the runs, the latest first
   * @throws LvsException if a host does not answer
   */
  public List<JournalledRun> runs() {
    List<JournalledRun> runs = new ArrayList<>();
    hosts.forEach(
        (name, host) ->
            entries(name, new HostScript(host)).forEach(entry -> runs.add(entry.run())));
    runs.sort(
        Comparator.comparing(JournalledRun::at)
            .reversed()
            .thenComparing(JournalledRun::id)
            .thenComparing(JournalledRun::host));
    return List.copyOf(runs);
  }

  /**
   * Takes back the latest run that is not taken back yet.
   *
   * @return what became of each step, in the order they were taken back; none if there is no such
   *     run
   * @throws LvsException if a host does not say what it has
   */
  @CanIgnoreReturnValue
  public List<StepResult> latest() {
    return latest(result -> {});
  }

  /**
   * Takes back the latest run that is not taken back yet, and tells of each step.
   *
   * @param listener hears of each step; it may be called by several threads
   * @return what became of each step
   * @throws LvsException if a host does not say what it has
   */
  @CanIgnoreReturnValue
  public List<StepResult> latest(Consumer<StepResult> listener) {
    Optional<String> id =
        runs().stream().filter(run -> !run.undone()).map(JournalledRun::id).findFirst();
    return id.isPresent() ? run(id.get(), listener) : List.of();
  }

  /**
   * Takes back a run on all the hosts that it changed.
   *
   * @param id its number
   * @return what became of each step, in the order they were taken back
   * @throws IllegalArgumentException if none of the hosts has a run of this number
   * @throws LvsException if a host does not say what it has
   */
  @CanIgnoreReturnValue
  public List<StepResult> run(String id) {
    return run(id, result -> {});
  }

  /**
   * Takes back a run on all the hosts that it changed, and tells of each step.
   *
   * @param id its number
   * @param listener hears of each step; it may be called by several threads
   * @return what became of each step
   * @throws IllegalArgumentException if none of the hosts has a run of this number
   * @throws LvsException if a host does not say what it has
   */
  @CanIgnoreReturnValue
  public List<StepResult> run(String id, Consumer<StepResult> listener) {
    if (runs().stream().noneMatch(run -> run.id().equals(id))) {
      throw new IllegalArgumentException(
          "none of the hosts has a run " + Printable.of(id) + "; undo --list names them");
    }
    return matching(run -> run.id().equals(id), listener);
  }

  /** Takes back the runs that fit, the latest first, each as a whole. */
  List<StepResult> matching(Predicate<JournalledRun> wanted, Consumer<StepResult> listener) {
    return Execution.each(
        List.copyOf(hosts.entrySet()),
        host -> onHost(host.getKey(), new HostScript(host.getValue()), wanted, listener));
  }

  private record Entry(String folder, JournalledRun run) {}

  private static List<Entry> entries(String name, HostScript script) {
    Answer answer = script.call("runs");
    if (!answer.successful()) {
      throw Session.refused(script.host(), answer);
    }
    List<Entry> entries = new ArrayList<>();
    for (String line : answer.lines()) {
      String[] words = line.split(" ", -1);
      if (words.length < 5 || !words[0].equals("run")) {
        continue;
      }
      String folder = words[1];
      RunHeader header;
      try {
        header = RunHeader.parse(Hex.text(words[4]));
      } catch (IllegalArgumentException e) {
        String id = folder.substring(folder.indexOf('.') + 1);
        if (!id.matches(RunHeader.ID)) {
          continue;
        }
        header = new RunHeader(id, "unknown: its header is damaged", java.time.Instant.EPOCH);
      }
      int steps = words[3].matches("[0-9]{1,6}") ? Integer.parseInt(words[3]) : 0;
      entries.add(
          new Entry(
              folder,
              new JournalledRun(
                  name, header.id(), header.what(), header.at(), steps, words[2].equals("yes"))));
    }
    java.util.Collections.reverse(entries);
    return entries;
  }

  private static List<StepResult> onHost(
      String name,
      HostScript script,
      Predicate<JournalledRun> wanted,
      Consumer<StepResult> listener) {
    List<StepResult> results = new ArrayList<>();
    Consumer<StepResult> note =
        result -> {
          results.add(result);
          listener.accept(result);
        };
    try {
      List<Entry> due =
          entries(name, script).stream().filter(entry -> wanted.test(entry.run())).toList();
      if (due.isEmpty()) {
        return results;
      }
      try (Session session = Session.begin(script, "", "")) {
        for (Entry entry : due) {
          takeBack(session, script, entry, note);
        }
      }
    } catch (HostException e) {
      note.accept(
          new StepResult(
              name,
              "undo",
              "take back what was done",
              false,
              State.FAILED,
              e.reason() + (e.hint().isEmpty() ? "" : ". " + e.hint())));
    }
    return results;
  }

  private static void takeBack(
      Session session, HostScript script, Entry entry, Consumer<StepResult> note) {
    Answer answer = script.call("entries", entry.folder());
    if (!answer.successful()) {
      throw Session.refused(script.host(), answer);
    }
    List<Step> steps = new ArrayList<>();
    for (String line : answer.lines()) {
      String[] words = line.split(" ", -1);
      if (words.length >= 4 && words[0].equals("entry")) {
        steps.add(Step.of(words[1], List.of(words[2].split(",", -1)), words[3]));
      }
    }
    List<HostChange> changes = new ArrayList<>();
    steps.forEach(step -> step.entry().ifPresent(each -> changes.add(each.change())));
    ChangeStates states = new ChangeStates(session, changes);
    boolean all = true;
    for (Step step : steps) {
      StepResult result = takeBack(session, states, entry, step);
      all &= result.state() != State.FAILED;
      note.accept(result);
    }
    if (all) {
      session.undone(entry.folder());
    }
  }

  /** A step as the journal has it; without an entry if that is damaged, and why. */
  private record Step(
      String number, List<String> marks, Optional<JournalEntry> entry, String problem) {

    static Step of(String number, List<String> marks, String hex) {
      try {
        return new Step(number, marks, Optional.of(JournalEntry.parse(Hex.text(hex))), "");
      } catch (IllegalArgumentException e) {
        String reason = e.getMessage();
        return new Step(
            number, marks, Optional.empty(), reason == null ? "" : ": " + Printable.of(reason));
      }
    }
  }

  private static StepResult takeBack(Session session, ChangeStates states, Entry run, Step step) {
    if (step.entry().isEmpty()) {
      return new StepResult(
          run.run().host(),
          run.run().id(),
          "step " + step.number(),
          false,
          State.FAILED,
          "the journal's entry cannot be used" + step.problem());
    }
    JournalEntry entry = step.entry().get();
    HostChange change = entry.change();
    Session.Outcome outcome =
        session.takeBack(entry, run.folder(), step.number(), step.marks(), states.of(change));
    states.changed(change);
    return new StepResult(
        run.run().host(),
        run.run().id(),
        change.text(),
        change instanceof FileChange,
        outcome.state(),
        outcome.detail());
  }
}
