// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.lvstun.diagnostics.repair.journal.RunHeader;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.Risk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Steps on hosts, in the order they would be taken. Making a plan changes nothing; applying it
 * does. Immutable.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class RepairPlan {

  private final List<Execution.Work> works;
  private final String what;
  private final Durability durability;
  private final boolean stopAtFailure;

  RepairPlan(
      List<Execution.Work> works, String what, Durability durability, boolean stopAtFailure) {
    this.works = List.copyOf(works);
    this.what = what;
    this.durability = durability;
    this.stopAtFailure = stopAtFailure;
  }

  /**
   * Returns the steps.
   *
   * @return host by host, in the order they would be taken
   */
  public List<PlannedStep> steps() {
    List<PlannedStep> steps = new ArrayList<>();
    works.forEach(work -> work.tasks().forEach(task -> steps.add(task.shown())));
    return List.copyOf(steps);
  }

  /**
   * Tells whether applying the plan would do nothing.
   *
   * @return true if no step is allowed, or there is none
   */
  public boolean nothingAllowed() {
    return works.stream()
        .flatMap(work -> work.tasks().stream())
        .noneMatch(task -> task.shown().allowed() && task.change() != null);
  }

  /**
   * Takes the steps, each only if what it is for is not the case already. Each is written down on
   * its host first, so that {@link Undo} can take it back, also after a crash.
   *
   * @return what became of each step; a host that cannot be reached is in it, and no exception
   */
  @CanIgnoreReturnValue
  public List<StepResult> apply() {
    return apply(result -> {});
  }

  /**
   * Takes the steps, and tells of each.
   *
   * @param listener hears of each step; it may be called by several threads
   * @return what became of each step
   */
  @CanIgnoreReturnValue
  public List<StepResult> apply(Consumer<StepResult> listener) {
    return apply(RunHeader.now(what), listener);
  }

  List<StepResult> apply(RunHeader header, Consumer<StepResult> listener) {
    return Execution.run(works, header, durability, stopAtFailure, listener);
  }

  /** Returns the plan for people: each host with its steps, what is allowed and what is not. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Execution.Work work : works) {
      if (work.tasks().isEmpty()) {
        continue;
      }
      text.append(work.name()).append('\n');
      for (Task task : work.tasks()) {
        PlannedStep step = task.shown();
        text.append(step.allowed() ? "  + " : step.risk() == Risk.MANUAL ? "  ? " : "  - ")
            .append(step.step());
        List<String> notes = new ArrayList<>();
        notes.add(step.cause());
        if (step.lasting()) {
          notes.add("after a reboot");
        }
        if (!step.allowed() && step.risk() != Risk.MANUAL) {
          notes.add("not allowed: " + step.risk());
        }
        if (!step.note().isEmpty()) {
          notes.add(step.note());
        }
        text.append(notes.stream().collect(Collectors.joining("; ", "   [", "]\n")));
      }
    }
    return text.toString();
  }
}
