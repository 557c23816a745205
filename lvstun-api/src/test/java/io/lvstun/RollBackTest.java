// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever ends a batch, at whatever step of the write or of its roll-back: what the report says is
 * what the table holds.
 */
final class RollBackTest {

  private static final VirtualService BEFORE =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("10.0.0.1").tunnel();
  private static final VirtualService WANTED = wanted();

  /** One edit, four additions, and a removal, which is refused. */
  private static final int WRITE_STEPS = 6;

  /** More than there are, with what is done again. */
  private static final int STEPS = 14;

  private static final long DEADLINE_MILLIS = 40;

  private final MemoryDriver table = MemoryDriver.open();
  private final IpvsDriver driver = mock(IpvsDriver.class, delegatesTo(table));
  private final AtomicLong now = new AtomicLong();
  private int step;
  private boolean readingsFail;

  private static VirtualService wanted() {
    VirtualService wanted = VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.RR);
    for (int i = 2; i < 6; i++) {
      wanted = wanted.addRealServer("10.0.0." + i).tunnel();
    }
    return wanted;
  }

  /** What ends a batch at one of its commands. */
  enum End {
    INTERRUPT,
    INTERRUPT_AFTER_THE_COMMAND,
    DEADLINE,
    DEADLINE_AFTER_THE_COMMAND,
    KILLED_PROGRAM,
    KILLED_PROGRAM_AFTER_THE_COMMAND,
    INTERRUPTED_READING;

    boolean interrupts() {
      return name().startsWith("INTERRUPT");
    }

    boolean carriedOut() {
      return name().endsWith("AFTER_THE_COMMAND");
    }
  }

  @AfterEach
  void clearInterrupt() {
    boolean unused = Thread.interrupted();
  }

  private DriverDirector director() {
    Director.on(table).create(BEFORE);
    return new DriverDirector(
        driver,
        null,
        OnFailure.ROLL_BACK,
        new DriverDirector.Settings(
            Duration.ofMillis(DEADLINE_MILLIS),
            true,
            null,
            () -> now.addAndGet(1_000_000),
            time -> {}));
  }

  /** Makes the driver refuse the removal, and end batches at steps, counted from 0. */
  private void script(End end, IntPredicate steps) {
    doAnswer(call -> execute(call.getArgument(0), end, steps)).when(driver).execute(any());
    doAnswer(call -> read(() -> table.service(call.getArgument(0)))).when(driver).service(any());
    doAnswer(call -> read(() -> table.services(call.getArgument(0)))).when(driver).services(any());
  }

  private Object read(java.util.function.Supplier<Object> reading) {
    if (readingsFail) {
      readingsFail = false;
      Thread.currentThread().interrupt();
      throw new LvsException(failure("read service", "", "interrupted while waiting"));
    }
    return reading.get();
  }

  private List<Outcome> execute(List<Command> commands, End end, IntPredicate steps) {
    List<Outcome> outcomes = new ArrayList<>();
    boolean over = Thread.currentThread().isInterrupted();
    for (Command command : commands) {
      if (over) {
        outcomes.add(Outcome.failed(command, error(command, "not tried")));
        continue;
      }
      boolean here = steps.test(step++);
      if (!here) {
        outcomes.add(carryOut(command));
        continue;
      }
      if (end.carriedOut()) {
        Outcome unused = carryOut(command);
      }
      boolean late = end.name().startsWith("DEADLINE");
      LvsException.Failure failure = failure(command.operation(), command.target(), "no answer");
      outcomes.add(
          Outcome.failed(
              command, late ? new TimeoutException(failure) : new LvsException(failure)));
      readingsFail = end == End.INTERRUPTED_READING;
      if (end.interrupts()) {
        Thread.currentThread().interrupt();
      }
      over = true;
    }
    return outcomes;
  }

  private Outcome carryOut(Command command) {
    if (command.equals(new Command.RemoveServer(BEFORE.key(), ServerKey.of("10.0.0.1", 80)))) {
      int errno = KernelError.ENOMEM.number();
      return Outcome.failed(
          command, KernelError.refused("scripted", command, errno, errno, "scripted"));
    }
    return table.execute(List.of(command)).get(0);
  }

  private static LvsException error(Command command, String reason) {
    return new LvsException(failure(command.operation(), command.target(), reason));
  }

  private static LvsException.Failure failure(String operation, String target, String reason) {
    return new LvsException.Failure(operation, target, "scripted", reason, OptionalInt.empty(), "");
  }

  private List<VirtualService> table() {
    return table.services(Consistency.SINGLE_PASS).stream().map(ServiceState::definition).toList();
  }

  /** Plays what the report says on a second table. */
  private void assertTrue(ApplyReport report) {
    try (MemoryDriver second = MemoryDriver.open()) {
      Director.on(second).create(BEFORE);
      List<Command> commands = new ArrayList<>();
      report.done().forEach(change -> commands.add(change.command()));
      // Undoing a change that had not been made is refused.
      report.undone().forEach(change -> commands.addAll(change.undo()));
      var unused = second.execute(commands);
      assertThat(second.services(Consistency.SINGLE_PASS))
          .extracting(ServiceState::definition)
          .isEqualTo(table());
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingEndsARollBackBeforeItsEnd(End end) {
    for (int at = 0; at < STEPS; at++) {
      int here = at;
      RollBackTest each = new RollBackTest();
      DriverDirector director = each.director();
      each.script(end, step -> step == here);
      ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(WANTED));
      boolean interrupted = Thread.interrupted();
      assertThat(e).as("step %d", at).isNotNull();
      assertThat(e.report().unknown()).as("step %d", at).isEmpty();
      assertThat(e.report().notUndone()).as("step %d", at).isEmpty();
      assertThat(each.table()).as("step %d", at).containsExactly(BEFORE);
      assertThat(interrupted).as("step %d", at).isEqualTo(end.interrupts() && each.step > at);
      assertThat(each.step).as("steps").isGreaterThanOrEqualTo(Math.min(at, WRITE_STEPS));
      each.assertTrue(e.report());
    }
  }

  @ParameterizedTest
  @EnumSource
  void changesAreKeptWhereTheyShallBe(End end) {
    for (int at = 0; at < WRITE_STEPS; at++) {
      int here = at;
      RollBackTest each = new RollBackTest();
      DriverDirector director = each.director();
      each.script(end, step -> step == here);
      Plan plan = director.plan(WANTED).onFailure(OnFailure.KEEP);
      ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(plan));
      boolean unused = Thread.interrupted();
      assertThat(e.report().unknown()).as("step %d", at).isEmpty();
      each.assertTrue(e.report());
    }
  }

  /**
   * Interrupts that never cease: each batch ends at its first command, which is not carried out.
   */
  @Test
  void rollBackEndsByADeadlineOfItsOwn() {
    DriverDirector director = director();
    script(End.INTERRUPT, step -> step >= WRITE_STEPS + 2);
    long begun = now.get();
    ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(WANTED));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.report().undone()).hasSize(2);
    assertThat(e.report().notUndone()).hasSize(3);
    assertThat(now.get() - begun)
        .isBetween(
            Duration.ofMillis(DEADLINE_MILLIS).toNanos(),
            Duration.ofMillis(4 * DEADLINE_MILLIS).toNanos());
    assertTrue(e.report());
  }

  @Test
  void rollBackGivesUpWhenNothingComesOfIt() {
    DriverDirector director = director();
    script(End.KILLED_PROGRAM, step -> step >= WRITE_STEPS);
    ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(WANTED));
    assertThat(step).isEqualTo(WRITE_STEPS + 3);
    assertThat(e.report().undone()).isEmpty();
    assertThat(e.report().notUndone()).hasSize(5);
    assertThat(e.reason()).contains("5 done, 1 failed, 5 not undone");
    assertTrue(e.report());
  }

  @Test
  void driverThatIsClosedBeforeTheRollBackIsAskedOnce() {
    DriverDirector director = director();
    script(End.INTERRUPT, step -> false);
    doAnswer(
            call -> {
              List<Outcome> outcomes = execute(call.getArgument(0), End.INTERRUPT, step -> false);
              if (step == WRITE_STEPS) {
                table.close();
              }
              return outcomes;
            })
        .when(driver)
        .execute(any());
    ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(WANTED));
    assertThat(e.report().done()).hasSize(5);
    assertThat(e.report().notUndone())
        .hasSize(5)
        .allSatisfy(
            failed ->
                assertThat(failed.error()).hasMessageContaining("the driver ended meanwhile"));
  }

  @Test
  void closedDriverThatCannotBeReadBackLosesNoReport() {
    DriverDirector director = director();
    doAnswer(
            call -> {
              List<Outcome> outcomes = table.execute(call.getArgument(0));
              if (outcomes.get(0).command() instanceof Command.RemoveServer) {
                table.close();
              }
              return outcomes;
            })
        .when(driver)
        .execute(any());
    ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(WANTED));
    assertThat(e.report().done()).hasSize(WRITE_STEPS);
    assertThat(e.reason()).contains("the table could not be read back: the driver ended meanwhile");
  }
}
