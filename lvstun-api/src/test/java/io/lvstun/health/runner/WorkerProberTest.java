// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.FunctionCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.PingCheck;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerProberTest {

  private static final ServerKey SERVER = new ServerKey(InetAddress.getLoopbackAddress(), 80);
  private static final Duration HOUR = Duration.ofHours(1);

  private final IoLoop loop = new IoLoop("test");
  private final WorkerProber workers = new WorkerProber(loop, 1, new LocalPrograms());

  @AfterEach
  void close() {
    workers.close();
    loop.close();
  }

  private CheckResult ask(HealthCheck check) throws Exception {
    CompletableFuture<CheckResult> result = new CompletableFuture<>();
    loop.execute(() -> workers.start(SERVER, check, result::complete));
    return result.get(30, TimeUnit.SECONDS);
  }

  private int timers() throws Exception {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    loop.execute(() -> count.complete(loop.timers()));
    return count.get(30, TimeUnit.SECONDS);
  }

  /** A check of an hour's time-out that runs each second would leave 3,600 otherwise. */
  @Test
  void checksThatHaveEndedLeaveNoTimer() throws Exception {
    for (int each : IntStream.range(0, 100).toArray()) {
      FunctionCheck check =
          new FunctionCheck(
              "c" + each, HOUR, server -> CheckResult.passed("as it should", Duration.ZERO));

      assertThat(ask(check).passed()).isTrue();
    }

    assertThat(timers()).isZero();
  }

  @Test
  void functionsThatThrowFailAndLeaveNoTimer() throws Exception {
    FunctionCheck check =
        new FunctionCheck(
            "throws",
            HOUR,
            server -> {
              throw new IllegalStateException("broken");
            });

    CheckResult result = ask(check);

    assertThat(result.outcome()).isEqualTo(CheckResult.Outcome.FAILED);
    assertThat(result.detail()).contains("broken");
    assertThat(timers()).isZero();
  }

  @Test
  void checksWithoutAFreeThreadAreUndecided() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<CheckResult> busy = new CompletableFuture<>();
    FunctionCheck hangs =
        new FunctionCheck(
            "hangs",
            HOUR,
            server -> {
              end.await();
              return CheckResult.passed("late", Duration.ZERO);
            });
    loop.execute(() -> workers.start(SERVER, hangs, busy::complete));

    CheckResult result =
        ask(
            new FunctionCheck(
                "waits", Duration.ofMillis(50), server -> CheckResult.passed("", Duration.ZERO)));

    assertThat(result.outcome()).isEqualTo(CheckResult.Outcome.UNDECIDED);
    assertThat(result.detail()).isEqualTo("no thread was free to check");
    end.countDown();
    assertThat(busy.get(30, TimeUnit.SECONDS).passed()).isTrue();
  }

  /** The JDK's echo can be neither marked nor bound: one that is sent otherwise says nothing. */
  @Test
  void echoesThatMustBeMarkedOrBoundAreUndecided() throws Exception {
    for (CheckPath path :
        new CheckPath[] {
          CheckPath.direct().mark(7),
          CheckPath.direct().device("lo"),
          CheckPath.direct().from(InetAddress.getLoopbackAddress())
        }) {
      CheckResult result = ask(new PingCheck(path, HOUR));

      assertThat(result.outcome()).isEqualTo(CheckResult.Outcome.UNDECIDED);
    }
  }
}
