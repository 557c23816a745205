// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/** Carries out the changes of a plan, and takes them back if one fails. */
final class Application {

  private final IpvsDriver driver;
  private final List<Change> done = new ArrayList<>();
  private final List<Change> undone = new ArrayList<>();
  private final List<Change> uncertain = new ArrayList<>();
  private final List<Change> notAttempted = new ArrayList<>();
  private final List<ApplyReport.FailedChange> failed = new ArrayList<>();
  private final List<ApplyReport.FailedChange> notUndone = new ArrayList<>();

  Application(IpvsDriver driver) {
    this.driver = driver;
  }

  /** Counts a change that the caller has made already as one to take back. */
  void made(Change change) {
    done.add(change);
  }

  /**
   * Makes the changes: first all that add or edit, then, only if none of those failed, the rest.
   *
   * @return whether all were made
   */
  boolean run(List<Change> changes) {
    failed.clear();
    notAttempted.clear();
    int from = 0;
    while (from < changes.size()) {
      boolean removes = changes.get(from).removes();
      int to = from;
      while (to < changes.size() && changes.get(to).removes() == removes) {
        to++;
      }
      execute(changes.subList(from, to));
      from = to;
      if (!failed.isEmpty()) {
        notAttempted.addAll(changes.subList(from, changes.size()));
        return false;
      }
    }
    return true;
  }

  private void execute(List<Change> batch) {
    List<Outcome> outcomes = driver.execute(batch.stream().map(Change::command).toList());
    for (int i = 0; i < batch.size(); i++) {
      Change change = batch.get(i);
      LvsException error = outcomes.get(i).error();
      // What is gone already is as wanted, and there is nothing to take back.
      boolean gone = change.removes() && error instanceof NotFoundException;
      if (error == null) {
        done.add(change);
      } else if (!gone) {
        failed.add(new ApplyReport.FailedChange(change, error));
        if (error instanceof TimeoutException) {
          uncertain.add(change);
        }
      }
    }
  }

  /** Whether every failure may come from another program that changed the table meanwhile. */
  boolean overtaken() {
    return failed.stream()
        .allMatch(
            failure ->
                failure.error() instanceof AlreadyExistsException
                    || failure.error() instanceof NotFoundException
                        && !(failure.change().command() instanceof Command.AddService));
  }

  /** Takes back what was done, last change first. */
  void rollBack() {
    List<Change> order = new ArrayList<>(uncertain);
    order.addAll(done);
    Collections.reverse(order);
    List<Command> commands = new ArrayList<>();
    List<Change> owners = new ArrayList<>();
    for (Change change : order) {
      for (Command command : change.undo()) {
        commands.add(command);
        owners.add(change);
      }
    }
    IdentityHashMap<Change, LvsException> errors = new IdentityHashMap<>();
    List<Outcome> outcomes = driver.execute(commands);
    for (int i = 0; i < commands.size(); i++) {
      LvsException error = outcomes.get(i).error();
      if (error != null && !(isUncertain(owners.get(i)) && asBefore(error))) {
        errors.putIfAbsent(owners.get(i), error);
      }
    }
    for (Change change : order) {
      LvsException error = errors.get(change);
      if (error == null) {
        undone.add(change);
      } else {
        notUndone.add(new ApplyReport.FailedChange(change, error));
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same change, not one like it
  private boolean isUncertain(Change change) {
    return uncertain.stream().anyMatch(other -> other == change);
  }

  /** A change that was never made leaves nothing to take back. */
  private static boolean asBefore(LvsException error) {
    return error instanceof NotFoundException || error instanceof AlreadyExistsException;
  }

  ApplyReport report() {
    return new ApplyReport(done, failed, notAttempted, undone, notUndone);
  }
}
