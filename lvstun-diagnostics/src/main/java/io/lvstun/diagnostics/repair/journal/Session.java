// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import io.lvstun.LvsException;
import io.lvstun.diagnostics.repair.journal.HostScript.Answer;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.ForeignFileException;
import io.lvstun.host.ChangeScript;
import io.lvstun.host.FileChange;
import io.lvstun.host.Host;
import io.lvstun.host.HostChange;
import io.lvstun.host.HostException;
import io.lvstun.host.LoadModule;
import io.lvstun.host.RunCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Work on one host, under the host's lock: from reading what is the case to writing down and taking
 * steps. Not thread-safe. Closing it lets others in; if that cannot be said to the host any more,
 * the lock is void after a quarter of an hour.
 *
 * @since 0.1.0
 */
public final class Session implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  private final HostScript script;
  private final String token;
  private final String run;
  private final Place place;
  private int steps;

  private Session(HostScript script, String token, String run, Place place) {
    this.script = script;
    this.token = token;
    this.run = run;
    this.place = place;
  }

  /**
   * Where a host's files are.
   *
   * @param namespace {@code host}, or the name or number of its network namespace
   * @param named whether that is a name of {@code ip netns}
   * @param ownEtc whether {@code /etc/netns/NAME} exists
   */
  public record Place(String namespace, boolean named, boolean ownEtc) {

    static Place of(Answer answer) {
      List<String> words = answer.words("where");
      return words.size() < 3
          ? new Place("host", false, false)
          : new Place(
              words.get(1),
              words.get(2).equals("yes"),
              words.size() > 3 && words.get(3).equals("own-etc"));
    }

    /** Tells whether it is the machine itself, not a namespace of it. */
    public boolean machine() {
      return namespace.equals("host");
    }

    /** The path to write instead of this one of {@code /etc}. */
    public Optional<String> path(String path, Optional<String> root) {
      if (root.isPresent()) {
        return Optional.of(root.get() + path);
      }
      if (machine()) {
        return Optional.of(path);
      }
      return ownEtc && path.startsWith("/etc/")
          ? Optional.of("/etc/netns/" + namespace + path.substring("/etc".length()))
          : Optional.empty();
    }

    /** Why there is no path. */
    public String reason() {
      return named
          ? "the host is a network namespace without files of its own: mkdir -p /etc/netns/"
              + namespace
              + ", or name a root"
          : "the host is a network namespace, which has no files of its own: name a root";
    }
  }

  /**
   * Begins to work.
   *
   * @param run the number of the run, under which its steps are kept; empty if it keeps none
   * @param meta what is kept of the run
   * @throws HostException if the host does not answer, somebody else is at work on it, or the
   *     journal cannot be written
   */
  public static Session begin(HostScript script, String run, String meta) {
    String token = LockHolder.take();
    Answer answer = script.call("begin", token, LockHolder.self(), run, meta, "");
    Optional<String> abandoned = LockHolder.abandoned(answer.words("held"));
    if (answer.code() == HostScript.BUSY && abandoned.isPresent()) {
      answer = script.call("begin", token, LockHolder.self(), run, meta, abandoned.get());
    }
    if (!answer.successful()) {
      LockHolder.release(token);
      throw refused(script.host(), answer);
    }
    List<String> name = answer.words("run");
    return new Session(script, token, name.size() > 1 ? name.get(1) : "", Place.of(answer));
  }

  /** Makes the exception of a script that refused. */
  public static HostException refused(Host host, Answer answer) {
    String hint =
        switch (answer.code()) {
          case HostScript.BUSY ->
              "Wait until that is done; a lock left behind is void after 15 minutes.";
          case HostScript.NO_JOURNAL ->
              "Without a journal nothing is changed: see whether /var/lib/lvstun can be written.";
          default -> "Is the user root there?";
        };
    return new HostException(
        new LvsException.Failure(
            "work on the host",
            host.specification(),
            "host",
            answer.problem().isEmpty() ? "status " + answer.code() : answer.problem(),
            OptionalInt.empty(),
            hint));
  }

  /** Returns where changes of this session are kept. */
  public Place place() {
    return place;
  }

  /** Reads what is the case, for several things at once. */
  List<String> states(List<? extends HostChange> changes) {
    return states(script, changes);
  }

  static List<String> states(HostScript script, List<? extends HostChange> changes) {
    List<String> arguments = new ArrayList<>();
    changes.forEach(change -> arguments.addAll(change.query()));
    Answer answer = script.call("look", arguments);
    if (!answer.successful()) {
      throw refused(script.host(), answer);
    }
    List<String> states = new ArrayList<>();
    for (String line : answer.lines()) {
      if (!line.startsWith("where ")) {
        states.add(line);
      }
    }
    if (states.size() != changes.size()) {
      throw refused(script.host(), new Answer(1, List.of(), "its answer is not complete"));
    }
    return states;
  }

  /** What came of a step. */
  public record Outcome(State state, String detail) {}

  /**
   * Takes a step, unless what it is for is the case already.
   *
   * @param line what the script said is the case
   * @throws HostException if the host does not answer
   */
  public Outcome take(HostChange change, String line) {
    Optional<String> current = ChangeScript.state(line);
    if (current.isEmpty()) {
      return new Outcome(State.FAILED, ChangeScript.problem(line));
    }
    String before = current.get();
    if (before.equals(HostChange.NONE) && !(change instanceof FileChange)) {
      return new Outcome(State.FAILED, "not present on this host");
    }
    String after;
    try {
      after = change.wanted(before);
    } catch (ForeignFileException e) {
      return new Outcome(State.LEFT, Printable.of(e.reason()));
    } catch (IllegalStateException e) {
      return new Outcome(State.LEFT, Printable.of(String.valueOf(e.getMessage())));
    }
    if (ChangeScript.same(before, after)) {
      return new Outcome(State.ALREADY, "");
    }
    steps++;
    String entry = new JournalEntry(change.journalled(), before, after).write();
    String number = String.format(Locale.ROOT, "%04d", steps);
    Answer answer = step(number, "done", entry, change, change.operation(before, after));
    if (!answer.successful()) {
      return new Outcome(
          answer.code() == HostScript.CONFLICT ? State.LEFT : State.FAILED, answer.problem());
    }
    Optional<String> now = answer.lines().stream().findFirst().flatMap(ChangeScript::state);
    if (!change.blind() && now.filter(value -> ChangeScript.same(value, after)).isEmpty()) {
      return new Outcome(
          State.FAILED,
          "the host took the step, but is not as it should be: "
              + now.map(Session::shown).orElse("it cannot be read"));
    }
    return new Outcome(State.DONE, "");
  }

  private Answer step(
      String number, String mark, String entry, HostChange change, List<String> operation) {
    List<String> arguments = new ArrayList<>(List.of(token, run, number, mark, entry));
    arguments.addAll(change.query());
    arguments.addAll(operation);
    return script.call("step", arguments, change.payload(), change.deadline());
  }

  private static String shown(String state) {
    return state.equals(HostChange.NONE)
        ? "gone"
        : state.getBytes(StandardCharsets.UTF_8).length > 80
            ? "something else"
            : Printable.of(state);
  }

  /**
   * Takes a step back.
   *
   * @param run the run it belongs to
   * @param number its number there
   * @param marks what is noted of it: {@code done}, {@code failed}, {@code undone}
   * @param line what the script said is the case
   */
  public Outcome takeBack(
      JournalEntry entry, String run, String number, List<String> marks, String line) {
    if (marks.contains("undone")) {
      return new Outcome(State.ALREADY, "it was taken back before");
    }
    HostChange change = entry.change();
    if (change instanceof RunCommand command) {
      if (command.undo().isEmpty()) {
        return new Outcome(State.LEFT, "nothing is known that takes it back");
      }
      Answer answer = back(change, run, number, change.operation("done", HostChange.UNKNOWN));
      if (answer.successful()) {
        return new Outcome(State.DONE, "");
      }
      return marks.contains("done")
          ? new Outcome(State.FAILED, answer.problem())
          : new Outcome(State.LEFT, "it may never have been done: " + answer.problem());
    }
    Optional<String> read = ChangeScript.state(line);
    if (read.isEmpty()) {
      return new Outcome(State.FAILED, ChangeScript.problem(line));
    }
    String current = read.get();
    if (ChangeScript.same(current, entry.before())) {
      return new Outcome(State.ALREADY, "it is as it was before");
    }
    String target = entry.before();
    if (!ChangeScript.same(current, entry.after())) {
      if (current.equals(HostChange.NONE)) {
        return new Outcome(State.ALREADY, "it is there no more");
      }
      String merged = change.merged(entry.before(), entry.after(), current);
      if (merged == null) {
        return new Outcome(
            State.LEFT, "somebody else has changed it since; now it is " + shown(current));
      }
      target = merged;
    }
    String goal = target;
    Answer answer = back(change, run, number, change.operation(current, goal));
    if (!answer.successful()) {
      return new Outcome(
          answer.code() == HostScript.CONFLICT || change instanceof LoadModule
              ? State.LEFT
              : State.FAILED,
          answer.problem());
    }
    Optional<String> now = answer.lines().stream().findFirst().flatMap(ChangeScript::state);
    return now.filter(value -> ChangeScript.same(value, goal)).isPresent()
        ? new Outcome(State.DONE, "")
        : new Outcome(State.FAILED, "the host took the step, but is not as it was");
  }

  private Answer back(HostChange change, String run, String number, List<String> operation) {
    List<String> arguments = new ArrayList<>(List.of(token, run, number, "undone", ""));
    arguments.addAll(change.query());
    arguments.addAll(operation);
    return script.call("step", arguments, "", change.deadline());
  }

  /** Notes that a run is taken back as a whole. */
  public void undone(String run) {
    Answer answer = script.call("undone", token, run);
    if (!answer.successful()) {
      throw refused(script.host(), answer);
    }
  }

  @Override
  public void close() {
    try {
      if (!run.isEmpty() && steps == 0) {
        Answer dropped = script.call("drop", token, run);
        if (!dropped.successful()) {
          LOG.log(System.Logger.Level.DEBUG, dropped.problem());
        }
      }
      Answer ended = script.call("end", token);
      if (!ended.successful()) {
        LOG.log(System.Logger.Level.WARNING, ended.problem());
      }
    } catch (HostException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the lock on {0} stays for 15 minutes: {1}",
          script.host().specification(),
          e.reason());
    } finally {
      LockHolder.release(token);
    }
  }
}
