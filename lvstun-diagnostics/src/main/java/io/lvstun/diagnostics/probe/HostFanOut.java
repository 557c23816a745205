// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

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

/** Does something on several hosts at the same time. */
final class HostFanOut {

  private static final int MOST = 32;

  private HostFanOut() {}

  /**
   * Returns what a function makes of each input, in their order.
   *
   * @throws LvsException if the thread is interrupted, which stays so
   */
  static <A, B> List<B> each(List<A> inputs, Function<A, B> work) {
    if (inputs.size() == 1) {
      return List.of(work.apply(inputs.get(0)));
    }
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(MOST, inputs.size())),
            runnable -> {
              Thread thread = new Thread(runnable, "lvstun-probe");
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
              "probe the cluster", "", "doctor", "interrupted", OptionalInt.empty(), ""),
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
