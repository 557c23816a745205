// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TransitionTest {

  private static final Transition.Outcome REACHED = new Transition.Outcome(true, "drained");

  @Test
  void outcomeIsTheFirstOne() throws InterruptedException {
    Transition transition = new Transition("drain 1", () -> {});
    assertThat(transition.await(Duration.ZERO)).isEmpty();
    transition.finish(REACHED);
    transition.finish(new Transition.Outcome(false, "late"));
    transition.abandon();
    assertThat(transition.await(Duration.ZERO)).contains(REACHED);
  }

  @Test
  void waitingForEverIsNoError() throws InterruptedException {
    Transition transition = new Transition("drain 1", () -> {});
    transition.finish(REACHED);
    assertThat(transition.await(Duration.ofSeconds(Long.MAX_VALUE))).contains(REACHED);
  }

  @Test
  void closedControllerEndsTheWaitWithTheReason() {
    Transition transition = new Transition("drain 1", () -> {});
    transition.abandon();
    assertThatIllegalStateException()
        .isThrownBy(() -> transition.await(Duration.ofSeconds(10)))
        .withMessageContaining("the controller was closed before drain 1 ended");
    assertThat(transition).hasToString("drain 1");
  }

  @Test
  void callerCannotCompleteIt() {
    Transition transition = new Transition("drain 1", () -> {});
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(
            () ->
                ((CompletableFuture<Transition.Outcome>) transition.completion())
                    .complete(REACHED));
  }

  @Test
  void cancelRunsItsCancellerAndEndsNothingByItself() throws InterruptedException {
    AtomicInteger cancelled = new AtomicInteger();
    Transition transition = new Transition("drain 1", cancelled::incrementAndGet);
    transition.cancel();
    assertThat(cancelled).hasValue(1);
    assertThat(transition.await(Duration.ZERO)).isEmpty();
    transition.finish(REACHED);
    assertThat(transition.toString()).startsWith("drain 1: ").contains("drained");
  }

  @Test
  void interruptEndsTheWait() {
    Transition transition = new Transition("drain 1", () -> {});
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> transition.await(Duration.ofSeconds(10)));
  }
}
