// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.memory.Fault;
import io.lvstun.memory.Faults;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts, lost answers and close() in the middle of a write: the report equals the table. */
final class DirectorInterruptionTest {

  private static final VirtualService BEFORE =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("10.0.0.1").tunnel();

  /** One removal, one edit, six additions. */
  private static final VirtualService WANTED = wanted();

  private static VirtualService wanted() {
    VirtualService wanted = VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.RR);
    for (int i = 2; i < 8; i++) {
      wanted = wanted.addRealServer("10.0.0." + i).tunnel();
    }
    return wanted;
  }

  private static final int STEPS = 8;

  /** What goes wrong at one step. */
  enum Trouble {
    INTERRUPT {
      @Override
      Fault fault() {
        Thread.currentThread().interrupt();
        return Fault.delay(Duration.ofMillis(1));
      }
    },
    LOST_ANSWER {
      @Override
      Fault fault() {
        return Fault.loseReply();
      }
    },
    REFUSAL {
      @Override
      Fault fault() {
        return Fault.refuse(KernelError.ENOMEM);
      }
    };

    abstract Fault fault();
  }

  /** Lets something go wrong with one command, counted from 0. */
  private static final class At implements Faults {
    private final int step;
    private final Trouble trouble;
    private int commands;
    private final List<Command> executed = new ArrayList<>();

    At(int step, Trouble trouble) {
      this.step = step;
      this.trouble = trouble;
    }

    @Override
    public Fault command(Command command) {
      executed.add(command);
      return commands++ == step ? trouble.fault() : Fault.NONE;
    }
  }

  @AfterEach
  void clearInterrupt() {
    boolean unused = Thread.interrupted();
  }

  private static List<VirtualService> table(MemoryDriver driver) {
    return driver.services(Consistency.SINGLE_PASS).stream().map(ServiceState::definition).toList();
  }

  private static MemoryDriver driver(Faults faults) {
    MemoryDriver first = MemoryDriver.open();
    Director.on(first).create(BEFORE);
    return first.sibling(faults);
  }

  @ParameterizedTest
  @EnumSource
  void rollBackRunsToItsEndWhateverStepFails(Trouble trouble) {
    for (int step = 0; step < STEPS; step++) {
      MemoryDriver driver = driver(new At(step, trouble));
      Director director = Director.on(driver);
      ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(WANTED));
      boolean interrupted = Thread.interrupted();
      assertThat(interrupted).as("step %d", step).isEqualTo(trouble == Trouble.INTERRUPT);
      if (trouble == Trouble.LOST_ANSWER) {
        // The reading shows that it was done.
        assertThat(e).as("step %d", step).isNull();
        assertThat(table(driver)).containsExactly(WANTED);
        continue;
      }
      assertThat(e).as("step %d", step).isNotNull();
      assertThat(e.report().unknown()).isEmpty();
      assertThat(e.report().notUndone()).isEmpty();
      assertThat(e.report().undone()).hasSameSizeAs(e.report().done());
      assertThat(table(driver)).as("step %d", step).containsExactly(BEFORE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void reportEqualsTheTableWhateverStepFails(Trouble trouble) {
    for (int step = 0; step < STEPS; step++) {
      MemoryDriver driver = driver(new At(step, trouble));
      Director director = Director.on(driver);
      Plan plan = director.plan(WANTED).onFailure(OnFailure.KEEP);
      ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(plan));
      boolean unused = Thread.interrupted();
      if (e == null) {
        assertThat(trouble).isEqualTo(Trouble.LOST_ANSWER);
        assertThat(table(driver)).containsExactly(WANTED);
        continue;
      }
      // Played on a second table, what the report calls done gives the same.
      MemoryDriver second = MemoryDriver.open();
      Director.on(second).create(BEFORE);
      var outcomes = second.execute(e.report().done().stream().map(Change::command).toList());
      assertThat(outcomes).allMatch(outcome -> outcome.error() == null);
      assertThat(table(second)).as("step %d", step).isEqualTo(table(driver));
    }
  }

  @Test
  void outcomeThatCannotBeReadBackIsUnknown() {
    Faults deaf =
        new Faults() {
          private boolean lost;

          @Override
          public Fault command(Command command) {
            lost |= command instanceof Command.EditService;
            return lost ? Fault.loseReply() : Fault.NONE;
          }

          @Override
          public Fault read(String operation) {
            return lost ? Fault.loseReply() : Fault.NONE;
          }
        };
    Director director = Director.on(driver(deaf));
    ApplyException e =
        catchThrowableOfType(
            ApplyException.class,
            () -> director.apply(director.plan(WANTED).onFailure(OnFailure.KEEP)));
    assertThat(e.report().done()).isEmpty();
    assertThat(e.report().unknown()).hasSize(7);
    assertThat(e.report().notAttempted()).hasSize(1);
    assertThat(e.getMessage()).contains("7 unknown");
  }

  @Test
  void tableThatCannotBeReadBackIsNoSuccess() {
    Faults deaf =
        new Faults() {
          private boolean written;

          @Override
          public Fault command(Command command) {
            written = true;
            return Fault.NONE;
          }

          @Override
          public Fault read(String operation) {
            return written ? Fault.refuse(KernelError.ENOMEM) : Fault.NONE;
          }
        };
    Director director = Director.on(driver(deaf));
    assertThatThrownBy(() -> director.apply(WANTED))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining("8 done; the table could not be read back");
  }

  @Test
  void closeWaitsForTheWriteUnderWay() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    Faults slow =
        command -> {
          writing.countDown();
          try {
            closing.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Fault.NONE;
        };
    MemoryDriver driver = driver(slow);
    Director director = Director.on(driver);
    CompletableFuture<ApplyReport> write =
        CompletableFuture.supplyAsync(() -> director.apply(WANTED));
    writing.await();
    Thread closer = new Thread(director::close);
    closer.start();
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    closing.countDown();
    assertThat(write.get()).hasToString("8 done");
    closer.join();
    assertThatThrownBy(() -> director.apply(BEFORE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(director::services).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closeOfTheDriverItselfLosesNoReport() {
    MemoryDriver[] driver = new MemoryDriver[1];
    driver[0] =
        driver(
            command -> {
              if (command instanceof Command.AddServer) {
                driver[0].close();
              }
              return Fault.NONE;
            });
    Director director = Director.on(driver[0]);
    ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(WANTED));
    assertThat(e.report().done()).hasSize(7);
    assertThat(e.report().unknown()).hasSize(1);
  }
}
