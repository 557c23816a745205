// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AttemptTest {

  private static final class Counting extends Attempt {
    private final AtomicInteger released = new AtomicInteger();

    Counting(IoLoop loop, Duration timeout, Consumer<CheckResult> done) {
      super(loop, timeout, done);
    }

    @Override
    void release() {
      released.incrementAndGet();
    }
  }

  private static <T> T inside(IoLoop loop, Supplier<T> work) throws Exception {
    CompletableFuture<T> made = new CompletableFuture<>();
    loop.execute(() -> made.complete(work.get()));
    return made.get();
  }

  @Test
  void firstEndCountsAndReleasesOnce() throws Exception {
    List<CheckResult> results = new CopyOnWriteArrayList<>();
    try (IoLoop loop = new IoLoop("test")) {
      Counting attempt =
          inside(
              loop,
              () -> {
                Counting made = new Counting(loop, Duration.ofMinutes(1), results::add);
                made.end(Conversation.Verdict.failed(Cause.MALFORMED, "first"));
                made.end(Conversation.Verdict.passed("second"));
                return made;
              });
      assertThat(attempt.ended()).isTrue();
      assertThat(attempt.released).hasValue(1);
      assertThat(inside(loop, loop::timers)).as("its timer is gone").isZero();
    }
    assertThat(results).hasSize(1);
    assertThat(results.get(0).cause()).isEqualTo(Cause.MALFORMED);
    assertThat(results.get(0).detail()).isEqualTo("first");
  }

  @Test
  void silenceEndsItAtItsTime() throws Exception {
    CompletableFuture<CheckResult> result = new CompletableFuture<>();
    try (IoLoop loop = new IoLoop("test")) {
      Counting attempt =
          inside(loop, () -> new Counting(loop, Duration.ofMillis(1), result::complete));
      assertThat(result.get().cause()).isEqualTo(Cause.TIMED_OUT);
      assertThat(inside(loop, attempt::ended)).isTrue();
    }
  }
}
