// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes changes back, whatever ended them.
 *
 * <p>It has a deadline of its own, as long as that of the write, which begins when it does.
 * Interrupts do not end it: what one cut short, and what got no answer, is looked up in the table
 * and done again if need be, until the deadline, or until several attempts in a row got nothing
 * done.
 */
final class RollBack {

  /** After as many attempts in a row that nothing came of, though nobody interrupted them. */
  private static final int IDLE_ATTEMPTS = 3;

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(20);

  private final IpvsDriver driver;
  private final Application application;
  private final DriverDirector.Settings settings;
  private final IdentityHashMap<Change, LvsException> errors = new IdentityHashMap<>();
  private @Nullable LvsException ended;

  /** A command that takes a change back, or a part of it. */
  private record Step(Command command, Change change) {}

  /** A step that is to be done again, and why. */
  private record Unanswered(Step step, LvsException error) {}

  RollBack(IpvsDriver driver, Application application, DriverDirector.Settings settings) {
    this.driver = driver;
    this.application = application;
    this.settings = settings;
  }

  /**
   * Takes changes back, in the order that is given.
   *
   * @param changes the last one first
   * @param uncertain those of them that may not have been made
   * @return why changes could not be taken back; all others were
   */
  IdentityHashMap<Change, LvsException> of(List<Change> changes, Set<Change> uncertain) {
    long deadline = settings.clock().getAsLong() + settings.deadline().toNanos();
    List<Step> steps = new ArrayList<>();
    for (Change change : changes) {
      change.undo().forEach(command -> steps.add(new Step(command, change)));
    }
    List<Step> left = steps;
    int idle = 0;
    boolean again = false;
    while (!left.isEmpty()) {
      Attempt attempt = new Attempt(left, again, uncertain);
      attempt.make();
      idle = attempt.interrupted || attempt.left.size() < left.size() ? 0 : idle + 1;
      if (ended != null || idle == IDLE_ATTEMPTS || settings.clock().getAsLong() - deadline >= 0) {
        attempt.left.forEach(it -> errors.putIfAbsent(it.step.change, it.error));
        return errors;
      }
      left = attempt.left.stream().map(Unanswered::step).toList();
      again = true;
      if (!left.isEmpty()) {
        pause();
      }
    }
    return errors;
  }

  private void pause() {
    try {
      settings.pause().of(BETWEEN_ATTEMPTS);
    } catch (InterruptedException e) {
      application.interrupt();
    }
  }

  /** One try of what is left. */
  private final class Attempt {

    private final List<Step> steps;
    private final boolean again;
    private final Set<Change> uncertain;
    private final List<Unanswered> left = new ArrayList<>();
    private final ReadBack table = new ReadBack(driver);
    private boolean readable = true;
    private boolean interrupted;

    Attempt(List<Step> steps, boolean again, Set<Change> uncertain) {
      this.steps = steps;
      this.again = again;
      this.uncertain = uncertain;
    }

    void make() {
      List<Outcome> outcomes = execute();
      for (int i = 0; i < steps.size(); i++) {
        LvsException error = outcomes.get(i).error();
        if (error != null) {
          judge(steps.get(i), error);
        }
      }
    }

    private List<Outcome> execute() {
      List<Command> commands = steps.stream().map(Step::command).toList();
      application.takeInterrupt();
      try {
        return driver.execute(commands);
      } catch (IllegalStateException e) {
        ended = application.ended(e);
        return failed(commands, ended);
      } catch (LvsException e) {
        return failed(commands, e);
      } finally {
        interrupted = application.takeInterrupt();
      }
    }

    private static List<Outcome> failed(List<Command> commands, LvsException error) {
      return commands.stream().map(command -> Outcome.failed(command, error)).toList();
    }

    private void judge(Step step, LvsException error) {
      boolean perhapsThere = again || uncertain.contains(step.change);
      if (perhapsThere && isAsBefore(step.command, error)) {
        return;
      }
      boolean answered = Application.isAnswer(error);
      if (answered && left.isEmpty()) {
        errors.putIfAbsent(step.change, error);
      } else if (answered || !holds(step.command)) {
        // A refusal may come from what was left out before.
        left.add(new Unanswered(step, error));
      }
    }

    private boolean holds(Command command) {
      if (!readable) {
        return false;
      }
      try {
        return application.read(() -> table.holds(command)).orElse(false);
      } catch (LvsException | IllegalStateException e) {
        readable = false;
        return false;
      }
    }
  }

  /** A change that was never made, or is taken back already, leaves nothing to do. */
  private static boolean isAsBefore(Command command, LvsException error) {
    boolean removes =
        command instanceof Command.RemoveServer || command instanceof Command.RemoveService;
    boolean adds = command instanceof Command.AddServer || command instanceof Command.AddService;
    return removes && error instanceof NotFoundException
        || adds && error instanceof AlreadyExistsException;
  }
}
