// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A drain, join, replacement or rolling restart in progress. It continues even if this object is
 * discarded, and after a restart of the process. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Transition {

  private final String name;
  private final Runnable canceller;
  private final CompletableFuture<Outcome> done = new CompletableFuture<>();

  Transition(String name, Runnable canceller) {
    this.name = name;
    this.canceller = canceller;
  }

  /**
   * How a transition ended.
   *
   * @param reached whether its aim was reached
   * @param detail what stood in the way, or what is worth knowing; empty if nothing
   * @since 0.1.0
   */
  public record Outcome(boolean reached, String detail) {
    /** Checks that nothing is missing. */
    public Outcome {
      Objects.requireNonNull(detail, "detail");
    }
  }

  /**
   * Returns the name.
   *
   * @return for example {@code drain-17}
   */
  public String name() {
    return name;
  }

  /**
   * Gives up: servers that drain become ordinary servers again, those that have left stay out.
   * Nothing happens if it has ended.
   */
  public void cancel() {
    canceller.run();
  }

  /**
   * Waits for the end.
   *
   * @param patience how long at most
   * @return how it ended, empty if it has not
   * @throws InterruptedException if interrupted
   */
  public Optional<Outcome> await(Duration patience) throws InterruptedException {
    try {
      return Optional.of(done.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Returns the end as a stage. Its actions hold up the control loop: give them an executor.
   *
   * @return a stage that ends normally, or with {@link IllegalStateException} if the controller is
   *     closed before
   */
  public CompletionStage<Outcome> completion() {
    return done.minimalCompletionStage();
  }

  void finish(Outcome outcome) {
    done.complete(outcome);
  }

  void abandon() {
    done.completeExceptionally(
        new IllegalStateException("the controller was closed before " + name + " ended"));
  }

  /** Returns the name, and how it ended if it has. */
  @Override
  public String toString() {
    return done.isDone() && !done.isCompletedExceptionally() ? name + ": " + done.join() : name;
  }
}
