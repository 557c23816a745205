// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies the changes of plans, determines the outcome of unanswered changes, and rolls changes
 * back.
 *
 * <p>An interrupt ends it as soon as the driver answers. What must be done all the same (reading
 * back, roll-back) runs with the interrupt status cleared; {@link #restoreInterrupt} sets it again.
 */
final class Application {

  private final IpvsDriver driver;
  private final DriverDirector.Settings settings;
  private final List<Change> done = new ArrayList<>();

  /** Removals of what others had removed: nothing to take back, but others are at work. */
  private final List<Change> gone = new ArrayList<>();

  private final List<Change> undone = new ArrayList<>();
  private final Set<Change> uncertain = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Change> uncertainOrder = new ArrayList<>();
  private final List<Change> notAttempted = new ArrayList<>();
  private final List<ApplyReport.FailedChange> failed = new ArrayList<>();
  private final List<ApplyReport.FailedChange> unknown = new ArrayList<>();
  private final List<ApplyReport.FailedChange> notUndone = new ArrayList<>();
  private List<Change> differing = List.of();
  private boolean interrupted;

  Application(IpvsDriver driver, DriverDirector.Settings settings) {
    this.driver = driver;
    this.settings = settings;
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
    unknown.clear();
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
      if (!failed.isEmpty() || !unknown.isEmpty() || interrupted && from < changes.size()) {
        notAttempted.addAll(changes.subList(from, changes.size()));
        return false;
      }
    }
    return true;
  }

  private void execute(List<Change> batch) {
    List<Command> commands = batch.stream().map(Change::command).toList();
    List<Outcome> outcomes = done.isEmpty() ? driver.execute(commands) : executeAll(commands);
    Learning learning = null;
    for (int i = 0; i < batch.size(); i++) {
      Change change = batch.get(i);
      LvsException error = outcomes.get(i).error();
      if (error == null) {
        done.add(change);
        continue;
      }
      if (change.removes() && error instanceof NotFoundException) {
        gone.add(change);
        continue;
      }
      if (isAnswer(error)) {
        failed.add(new ApplyReport.FailedChange(change, error));
        continue;
      }
      if (learning == null) {
        learning = new Learning();
      }
      learning.decide(change, error);
    }
  }

  /** Executes commands; what was done before must not be forgotten if the driver ends meanwhile. */
  private List<Outcome> executeAll(List<Command> commands) {
    try {
      return driver.execute(commands);
    } catch (LvsException | IllegalStateException e) {
      LvsException error = e instanceof LvsException refusal ? refusal : ended(e);
      return commands.stream().map(command -> Outcome.failed(command, error)).toList();
    }
  }

  LvsException ended(RuntimeException cause) {
    return new LvsException(
        new LvsException.Failure(
            "apply the plan",
            "",
            driver.name(),
            "the driver ended meanwhile: " + cause.getMessage(),
            OptionalInt.empty(),
            ""),
        cause);
  }

  /** Whether an error is the kernel's or the program's answer: then the change was not made. */
  static boolean isAnswer(LvsException error) {
    return !(error instanceof TimeoutException)
        && !(error instanceof ProtocolException)
        && (error.code().isPresent()
            || error instanceof NotFoundException
            || error instanceof AlreadyExistsException
            || error instanceof UnsupportedException
            || error instanceof PermissionException
            || error instanceof NamespaceChangedException
            || error instanceof UnavailableException);
  }

  /** Reads back what became of changes without an answer. */
  private final class Learning {

    private final ReadBack table = new ReadBack(driver);
    private boolean unreadable;

    void decide(Change change, LvsException error) {
      Optional<Boolean> holds = unreadable ? Optional.empty() : holds(change.command());
      if (holds.orElse(false)) {
        done.add(change);
        return;
      }
      boolean late = error instanceof TimeoutException;
      if (late || holds.isEmpty()) {
        // It may still come to pass, or has.
        uncertain.add(change);
        uncertainOrder.add(change);
      }
      (holds.isEmpty() ? unknown : failed).add(new ApplyReport.FailedChange(change, error));
    }

    /** Whether what the command brings about is there; empty if that cannot be seen. */
    private Optional<Boolean> holds(Command command) {
      try {
        return read(() -> table.holds(command));
      } catch (LvsException | IllegalStateException e) {
        unreadable = true;
        return Optional.empty();
      }
    }
  }

  /** The services that commands change. */
  static final class ServicesOf {

    private ServicesOf() {}

    static @Nullable ServiceKey command(Command command) {
      if (command instanceof Command.AddServer add) {
        return add.service();
      } else if (command instanceof Command.EditServer edit) {
        return edit.service();
      } else if (command instanceof Command.RemoveServer remove) {
        return remove.service();
      } else if (command instanceof Command.AddService add) {
        return add.service().key();
      } else if (command instanceof Command.EditService edit) {
        return edit.service().key();
      } else if (command instanceof Command.RemoveService remove) {
        return remove.service();
      }
      return null;
    }
  }

  /** Reads although the thread is interrupted, and again if an interrupt cuts the reading short. */
  <T> T read(Supplier<T> reading) {
    takeInterrupt();
    long end = settings.clock().getAsLong() + settings.deadline().toNanos();
    while (true) {
      try {
        return reading.get();
      } catch (LvsException e) {
        if (!takeInterrupt() || settings.clock().getAsLong() - end >= 0) {
          throw e;
        }
      } finally {
        takeInterrupt();
      }
    }
  }

  /** Takes the thread's interrupt status, if it is set, until {@link #restoreInterrupt}. */
  @CanIgnoreReturnValue
  boolean takeInterrupt() {
    boolean taken = Thread.interrupted();
    interrupted |= taken;
    return taken;
  }

  /** Counts the interrupt of a wait. */
  void interrupt() {
    interrupted = true;
  }

  boolean isInterrupted() {
    return interrupted;
  }

  /** Gives the thread the interrupt status back that {@link #takeInterrupt} took. */
  void restoreInterrupt() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether anything was written, by this program or, meanwhile, by another one in its place. */
  boolean wrote() {
    return !done.isEmpty() || !gone.isEmpty();
  }

  /** The services that were written. */
  Set<ServiceKey> written() {
    Set<ServiceKey> written = new LinkedHashSet<>();
    addServices(done, written);
    addServices(gone, written);
    return written;
  }

  private static void addServices(List<Change> changes, Set<ServiceKey> services) {
    ServiceKey last = null;
    for (Change change : changes) {
      ServiceKey key = ServicesOf.command(change.command());
      if (key != null && !key.equals(last)) {
        services.add(key);
        last = key;
      }
    }
  }

  /** Whether every failure may come from another program that changed the table meanwhile. */
  boolean overtaken() {
    return unknown.isEmpty()
        && failed.stream()
            .allMatch(
                failure ->
                    failure.error() instanceof AlreadyExistsException
                        || failure.error() instanceof NotFoundException
                            && !(failure.change().command() instanceof Command.AddService));
  }

  /**
   * Gives up against another writer: adds and edits what is missing, and removes nothing, so that
   * whoever wins, the table is not emptier than what is wanted.
   */
  void giveUp(List<Change> changes) {
    List<ApplyReport.FailedChange> reasons = List.copyOf(failed);
    List<Change> additions = changes.stream().filter(change -> !change.removes()).toList();
    if (!additions.isEmpty()) {
      takeInterrupt();
      boolean unused = run(additions);
      takeInterrupt();
    }
    failed.clear();
    failed.addAll(reasons);
    notAttempted.clear();
    unknown.clear();
    differing = List.copyOf(changes);
  }

  /** Takes back what was done, last change first, whether or not the thread is interrupted. */
  void rollBack() {
    List<Change> order = new ArrayList<>(uncertainOrder);
    order.addAll(done);
    Collections.reverse(order);
    IdentityHashMap<Change, LvsException> errors =
        new RollBack(driver, this, settings).of(order, uncertain);
    for (Change change : order) {
      LvsException error = errors.get(change);
      if (error == null) {
        undone.add(change);
      } else {
        notUndone.add(new ApplyReport.FailedChange(change, error));
      }
    }
  }

  ApplyReport report() {
    return new ApplyReport(done, failed, notAttempted, undone, notUndone, unknown, differing);
  }
}
