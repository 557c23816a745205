// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.script;

import io.lvstun.LvsException;
import io.lvstun.host.HostException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Does the same on several hosts at a time.
 *
 * @param operation what is done, as an exception names it if the thread is interrupted
 * @param hint what the operator should know then; may be empty
 * @param most how many hosts at a time, at least 1
 * @since 0.1.0
 */
public record HostFanOut(String operation, String hint, int most) {

  /** Up to 32 hosts at a time. */
  public HostFanOut(String operation, String hint) {
    this(operation, hint, 32);
  }

  /**
   * Returns what a function makes of each input, in their order.
   *
   * @throws LvsException if the thread is interrupted, which stays so
   */
  public <A, B> List<B> each(List<A> inputs, Function<A, B> work) {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(most, inputs.size())),
            runnable -> {
              Thread thread = new Thread(runnable, "lvstun-doctor");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<B>> futures = new ArrayList<>();
      for (A input : inputs) {
        futures.add(workers.submit(() -> work.apply(input)));
      }
      List<B> outputs = new ArrayList<>();
      for (Future<B> future : futures) {
        outputs.add(future.get());
      }
      return outputs;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostException(
          new LvsException.Failure(
              operation, "", "doctor", "interrupted", OptionalInt.empty(), hint),
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }
}
