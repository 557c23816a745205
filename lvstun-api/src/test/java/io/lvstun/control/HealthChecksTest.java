// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.Director;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import io.lvstun.health.CheckResult;
import io.lvstun.health.FunctionCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.PoolPolicy;
import io.lvstun.health.WeightShift;
import io.lvstun.health.runner.CheckRunner;
import io.lvstun.memory.MemoryDriver;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Checks that really run, by functions, and the table in memory that follows them. */
@Timeout(60)
final class HealthChecksTest {

  private static final ServerKey RS1 = ServerKey.of("192.0.2.11", 80);
  private static final ServerKey RS2 = ServerKey.of("192.0.2.12", 80);
  private static final VirtualService WEB = web("192.0.2.1");
  private static final HealthPolicy QUICK = HealthPolicy.riseAndFall(1, 1, Duration.ofMillis(100));

  private final MemoryDriver driver = MemoryDriver.open();
  private final MemoryDriver others = driver.sibling();
  private final Director director = Director.on(driver);
  private final Recorder recorder = new Recorder();
  private final Set<ServerKey> ill = ConcurrentHashMap.newKeySet();
  private final Map<ServerKey, AtomicInteger> runs = new ConcurrentHashMap<>();
  private final FunctionCheck check =
      new FunctionCheck(
          "answers",
          Duration.ofSeconds(30),
          server -> {
            runs.computeIfAbsent(server, absent -> new AtomicInteger()).incrementAndGet();
            return ill.contains(server)
                ? CheckResult.failed(CheckResult.Cause.REPORTED, "status 500", Duration.ZERO)
                : CheckResult.passed("status 200", Duration.ZERO);
          });
  private CheckRunner runner;
  private Controller controller;
  private HealthChecks checks;

  @BeforeEach
  void open() {
    runner = CheckRunner.start();
    controller =
        Controller.builder(director).period(Duration.ofMillis(100)).listener(recorder).open();
    checks = new HealthChecks(controller, runner);
  }

  @AfterEach
  void close() {
    checks.close();
    controller.close();
    runner.close();
    director.close();
  }

  private static VirtualService web(String address) {
    return VirtualService.tcp(address, 80)
        .addRealServer("192.0.2.11")
        .weight(5)
        .tunnel()
        .addRealServer("192.0.2.12")
        .weight(5)
        .tunnel();
  }

  private VirtualService present(VirtualService service) {
    return others.service(service.key()).orElseThrow().definition();
  }

  /** Waits until the last of the changes under way has been made. */
  @CanIgnoreReturnValue
  private Decision applied(String evidence) throws InterruptedException {
    while (true) {
      Decision decision = recorder.next(Decision.Kind.APPLIED);
      if (decision.evidence().contains(evidence)) {
        return decision;
      }
    }
  }

  @Test
  void serversThatFailLeaveAndThoseThatPassReturn() throws InterruptedException {
    ManagedService service = ManagedService.of(WEB);
    controller.want(service);
    checks.watch(service, "http", check, QUICK);
    applied("192.0.2.12:80");
    ill.add(RS1);

    Decision down = recorder.next(Decision.Kind.DOWN);
    applied("- TCP 192.0.2.1:80 -> 192.0.2.11:80");

    assertThat(down.server()).contains(RS1);
    assertThat(down.why()).isEqualTo("check http");
    assertThat(down.evidence()).contains("status 500");
    assertThat(controller.history(RS1)).contains(down);
    assertThat(present(WEB)).isEqualTo(WEB.removeRealServer(RS1));
    ill.clear();
    recorder.next(Decision.Kind.UP);
    applied("+ TCP 192.0.2.1:80 -> 192.0.2.11:80");
    assertThat(present(WEB).realServers()).hasSize(2);
  }

  @Test
  void inhibitedServersStayWithWeightZero() throws InterruptedException {
    ManagedService service = ManagedService.of(WEB);
    controller.want(service);
    checks.watch(service, "http", check, QUICK.inhibitOnFailure());
    applied("192.0.2.12:80");
    ill.add(RS1);

    applied("192.0.2.11:80 Tunnel 0");

    assertThat(present(WEB).realServers())
        .extracting(RealServer::key, RealServer::weight)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(RS1, 0),
            org.assertj.core.groups.Tuple.tuple(RS2, 5));
  }

  @Test
  void sorryServerIsAddedBeforeTheLastServerLeaves() throws InterruptedException {
    RealServer sorry = RealServer.tunnel("192.0.2.13").port(80);
    ManagedService service = ManagedService.of(WEB).pool(PoolPolicy.keepalived().sorry(sorry));
    controller.want(service);
    checks.watch(service, "http", check, QUICK);
    applied("192.0.2.12:80");
    ill.add(RS1);
    ill.add(RS2);

    recorder.next(Decision.Kind.QUORUM_LOST);
    Decision added = recorder.next(Decision.Kind.APPLIED);
    Decision removed = recorder.next(Decision.Kind.APPLIED);

    assertThat(added.evidence()).isEqualTo("+ TCP 192.0.2.1:80 -> 192.0.2.13:80 Tunnel 1");
    assertThat(removed.evidence()).doesNotContain("+");
    assertThat(present(WEB).realServers()).containsExactly(sorry);
  }

  @Test
  void checksMoveWeights() throws InterruptedException {
    controller.want(ManagedService.of(WEB));
    FunctionCheck shifts =
        new FunctionCheck(
            "half",
            Duration.ofSeconds(30),
            server -> CheckResult.passed("busy", Duration.ZERO).shift(WeightShift.by(-3)));

    checks.watch(new Destination(WEB.key(), RS2), "busy", shifts, QUICK);

    applied("192.0.2.12:80 Tunnel 2");
    assertThat(present(WEB).realServers())
        .extracting(RealServer::weight)
        .containsExactlyInAnyOrder(5, 2);
  }

  @Test
  void checkThatIsTakenAwayHasNoSay() throws InterruptedException {
    ill.add(RS1);
    ManagedService service = ManagedService.of(WEB);
    controller.want(service);
    checks.watch(service, "http", check, QUICK);
    recorder.next(Decision.Kind.DOWN);

    checks.unwatch(new Destination(WEB.key(), RS1), "http");

    while (present(WEB).realServers().size() < 2) {
      applied("192.0.2.11:80");
    }
    assertThat(present(WEB).realServers()).hasSize(2);
  }

  @Test
  void servicesThatAskTheSameShareOneCheck() throws InterruptedException {
    VirtualService second = web("192.0.2.2");
    FunctionCheck once =
        new FunctionCheck(
            "once",
            Duration.ofSeconds(30),
            server -> {
              runs.computeIfAbsent(server, absent -> new AtomicInteger()).incrementAndGet();
              return CheckResult.failed(CheckResult.Cause.REPORTED, "gone", Duration.ZERO);
            });
    HealthPolicy hourly =
        HealthPolicy.riseAndFall(1, 1, Duration.ofMinutes(10)).warmup(Duration.ZERO);
    for (VirtualService each : new VirtualService[] {WEB, second}) {
      controller.want(ManagedService.of(each));
      checks.watch(new Destination(each.key(), RS1), "http", once, hourly);
    }

    Set<Object> told =
        Set.of(
            recorder.next(Decision.Kind.DOWN).service().orElseThrow(),
            recorder.next(Decision.Kind.DOWN).service().orElseThrow());

    assertThat(told).containsExactlyInAnyOrder(WEB.key(), second.key());
    assertThat(runs.get(RS1)).hasValue(1);
  }

  @Test
  void nothingIsWatchedAfterClose() {
    checks.close();
    ManagedService service = ManagedService.of(WEB);

    assertThatThrownBy(() -> checks.watch(service, "http", check, QUICK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the health checks are closed");
  }

  @Test
  void resultsAreDroppedOnceTheControllerIsClosed() throws InterruptedException {
    AtomicInteger ended = new AtomicInteger();
    ManagedService service = ManagedService.of(WEB);
    controller.want(service);
    checks.watch(service, "http", check, QUICK);
    applied("192.0.2.12:80");
    controller.close();

    var unused = runner.watch(RS1, check, QUICK, (server, asked, step) -> ended.incrementAndGet());
    while (ended.get() < 2) {
      Thread.onSpinWait();
    }

    assertThatThrownBy(() -> checks.watch(service, "http", check, QUICK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the health checks are closed");
  }
}
