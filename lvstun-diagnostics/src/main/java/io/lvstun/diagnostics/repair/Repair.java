// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.repair.journal.RunHeader;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.Risk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Applies the remedies of what an examination finds, and examines again.
 *
 * <pre>{@code
 * Examination examination = Doctor.examine(topology);
 * Repair repair = Repair.of(examination).allowing(Risk.ADDRESS, Risk.FIREWALL);
 * System.out.println(repair.plan(examination.run())); // changes nothing
 * RepairResult result = repair.run();                 // changes hosts
 * }</pre>
 *
 * <p>Only remedies of root causes are applied, the harmless ones first. Then the cluster is
 * examined again: behind what was broken, more may show, which is repaired as well, until nothing
 * more can be done. Each step is done for now and, where the host has a place for it, for the time
 * after a reboot. Each is written into a journal on its host before it is taken; {@link Undo} takes
 * it back.
 *
 * <p>By default only steps of {@link Risk#SAFE} are taken. Immutable.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Repair {

  /** One after the other can come to light: module, device, address, filter, firewall. */
  private static final int MOST_ROUNDS = 8;

  private final Supplier<Report> examination;
  private final Set<Risk> allowed;
  private final Durability durability;

  private Repair(Supplier<Report> examination, Set<Risk> allowed, Durability durability) {
    this.examination = examination;
    this.allowed = allowed;
    this.durability = durability;
  }

  /**
   * Begins a repair that takes only safe steps.
   *
   * @param examination what finds what is wrong; it is run more than once
   * @return the repair
   */
  public static Repair of(Examination examination) {
    return of(examination::run);
  }

  /**
   * Begins a repair that takes only safe steps.
   *
   * @param examination finds what is wrong: examines the hosts anew each time, and leaves out what
   *     is not to be repaired
   * @return the repair
   */
  public static Repair of(Supplier<Report> examination) {
    return new Repair(examination, EnumSet.of(Risk.SAFE), Durability.ofHost());
  }

  /**
   * Returns a copy that takes steps of more risk.
   *
   * @param risks what may be broken
   * @return the copy
   * @throws IllegalArgumentException if {@link Risk#MANUAL} is among them: that is for people
   */
  public Repair allowing(Risk... risks) {
    Set<Risk> more = EnumSet.copyOf(allowed);
    for (Risk risk : risks) {
      if (risk == Risk.MANUAL) {
        throw new IllegalArgumentException("risks must not have MANUAL, which no program can do");
      }
      more.add(risk);
    }
    return new Repair(examination, more, durability);
  }

  /**
   * Returns a copy that writes elsewhere what is to last, or writes nothing.
   *
   * @param where where
   * @return the copy
   */
  public Repair durability(Durability where) {
    return new Repair(examination, allowed, where);
  }

  /**
   * Returns what would be done. Nothing is changed, and no host is spoken to.
   *
   * @param report what was found
   * @return the plan; what is behind the root causes of this report is not in it
   */
  public RepairPlan plan(Report report) {
    List<Execution.Work> works = new ArrayList<>();
    for (Member member : report.cluster().members()) {
      TaskList tasks = new TaskList(member.name(), member.facts(), durability, allowed::contains);
      report.findings().stream()
          .filter(finding -> finding.host().equals(member.name()))
          .filter(Finding::rootCause)
          .filter(finding -> finding.remedy().isPresent())
          .sorted(Comparator.comparing(finding -> TaskList.risk(finding.remedy().orElseThrow())))
          .forEach(finding -> tasks.add(finding.code(), finding.remedy().orElseThrow()));
      works.add(new Execution.Work(member.name(), member.node().host(), tasks.tasks()));
    }
    return new RepairPlan(works, "fix", durability, false);
  }

  /**
   * Examines, repairs what may be repaired, and examines again.
   *
   * @return what was done, and what is found then
   */
  @CanIgnoreReturnValue
  public RepairResult run() {
    return run(examination.get(), result -> {});
  }

  /**
   * Repairs what may be repaired of what a report says, and examines again.
   *
   * @param report what was found, a moment ago
   * @param listener hears of each step; it may be called by several threads
   * @return what was done, and what is found then
   */
  @CanIgnoreReturnValue
  public RepairResult run(Report report, Consumer<StepResult> listener) {
    List<StepResult> steps = new ArrayList<>();
    RunHeader header = RunHeader.now("fix");
    Report current = report;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<StepResult> taken = plan(current).apply(header, fresh(steps, listener));
      boolean changed = taken.stream().anyMatch(step -> step.state() == State.DONE);
      taken.stream().filter(step -> !steps.contains(step)).forEach(steps::add);
      if (!changed) {
        break;
      }
      current = examination.get();
    }
    return new RepairResult(report, steps, current);
  }

  /** What was told of in an earlier round is not told of again. */
  private static Consumer<StepResult> fresh(List<StepResult> steps, Consumer<StepResult> listener) {
    Set<StepResult> known = Set.copyOf(steps);
    return step -> {
      if (!known.contains(step)) {
        listener.accept(step);
      }
    };
  }
}
