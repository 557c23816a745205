// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Director;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.weight.AgentReport;
import io.lvstun.weight.LoadReport;
import io.lvstun.weight.LoadSource;
import io.lvstun.weight.LoadSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads that are reported at given times, and the table in memory that follows them. */
@Timeout(60)
final class LoadWeightsTest {

  private static final ServerKey RS1 = ServerKey.of("192.0.2.11", 80);
  private static final ServerKey RS2 = ServerKey.of("192.0.2.12", 80);
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80)
          .addRealServer("192.0.2.11")
          .weight(10)
          .tunnel()
          .addRealServer("192.0.2.12")
          .weight(10)
          .tunnel();
  private static final ManagedService SERVICE = ManagedService.of(WEB);

  private final MemoryDriver driver = MemoryDriver.open();
  private final MemoryDriver others = driver.sibling();
  private final Director director = Director.on(driver);
  private final Recorder recorder = new Recorder();
  private Controller controller;

  @BeforeEach
  void open() throws InterruptedException {
    controller =
        Controller.builder(director).period(Duration.ofMillis(100)).listener(recorder).open();
    controller.want(SERVICE);
    recorder.next(Decision.Kind.APPLIED);
  }

  @AfterEach
  void close() {
    controller.close();
    director.close();
  }

  private static Instant at(int second) {
    return Instant.EPOCH.plusSeconds(second);
  }

  private static LoadReport agent(String line) {
    return LoadReport.of(AgentReport.parse(line));
  }

  private LoadWeights still(LoadSteps steps) {
    LoadSource none =
        (server, deadline) -> {
          throw new AssertionError("nothing is read in this test");
        };
    LoadWeights weights = LoadWeights.still(controller, none, INTERVAL, steps);
    weights.follow(SERVICE, at(0));
    return weights;
  }

  private int weight(ServerKey server) {
    return others.service(WEB.key()).orElseThrow().definition().realServers().stream()
        .filter(each -> each.key().equals(server))
        .mapToInt(RealServer::weight)
        .findFirst()
        .orElseThrow();
  }

  private void awaitWeight(ServerKey server, int wanted) throws InterruptedException {
    while (weight(server) != wanted) {
      recorder.next(Decision.Kind.APPLIED);
    }
  }

  @Test
  void stepsGiveTheirWeightsAndSilenceTheConfiguredOne() throws InterruptedException {
    try (LoadWeights weights = still(LoadSteps.tenFiveOne())) {
      weights.report(at(1), RS1, LoadReport.of(3));
      weights.report(at(1), RS2, LoadReport.of(1.5));
      weights.decide(at(2));
      awaitWeight(RS1, 1);
      awaitWeight(RS2, 5);

      weights.report(at(10), RS2, LoadReport.of(1.5));
      weights.decide(at(12));
      awaitWeight(RS1, 10);
      assertThat(weight(RS2)).isEqualTo(5);
    }
  }

  @Test
  void busyServerGetsLessAndComesBack() throws InterruptedException {
    try (LoadWeights weights = still(null)) {
      int second = 2;
      for (; second <= 60; second += 2) {
        weights.report(at(second), RS1, LoadReport.of(4));
        weights.report(at(second), RS2, LoadReport.of(0.2));
        weights.decide(at(second));
      }
      while (weight(RS1) >= 10 || weight(RS2) <= 10) {
        recorder.next(Decision.Kind.APPLIED);
      }
      // Both are silent: stale after 10 s, and then too few reports are left to go by.
      for (; second <= 120; second += 2) {
        weights.decide(at(second));
      }
      awaitWeight(RS1, 10);
      awaitWeight(RS2, 10);
    }
  }

  @Test
  void agentsPercentageIsBounded() throws InterruptedException {
    try (LoadWeights weights = still(null)) {
      weights.report(at(1), RS1, agent("0%"));
      weights.report(at(1), RS2, agent("25600%"));
      weights.decide(at(1));
      awaitWeight(RS1, 1);
      awaitWeight(RS2, 100);
    }
  }

  @Test
  void agentWithoutPercentageChangesNothing() throws InterruptedException {
    try (LoadWeights weights = still(null)) {
      weights.report(at(1), RS1, agent("drain"));
      weights.report(at(1), RS2, agent("50%"));
      weights.decide(at(1));
      awaitWeight(RS2, 5);
      assertThat(weight(RS1)).isEqualTo(10);
    }
  }

  @Test
  void whatIsNotFollowedAnyMoreHasItsConfiguredWeight() throws InterruptedException {
    try (LoadWeights weights = still(LoadSteps.tenFiveOne())) {
      weights.report(at(1), RS1, LoadReport.of(3));
      weights.decide(at(1));
      awaitWeight(RS1, 1);

      weights.unfollow(WEB.key());

      awaitWeight(RS1, 10);
    }
  }

  @Test
  void sourceIsReadAgainAndAgainThoughItFails() throws InterruptedException {
    AtomicInteger turn = new AtomicInteger();
    LoadSource source =
        (server, deadline) -> {
          if (turn.incrementAndGet() <= 4) {
            throw new LoadSource.LoadException("not yet");
          }
          return LoadReport.of(server.equals(RS1) ? 5 : 0);
        };
    try (LoadWeights weights =
        LoadWeights.steps(controller, source, Duration.ofMillis(50), LoadSteps.tenFiveOne())) {
      weights.follow(SERVICE);
      awaitWeight(RS1, 1);
      assertThat(weight(RS2)).isEqualTo(10);
    }
  }

  @Test
  void nothingIsToldOnceTheControllerIsClosed() {
    try (LoadWeights weights = still(LoadSteps.tenFiveOne())) {
      weights.report(at(1), RS1, LoadReport.of(3));
      controller.close();

      weights.decide(at(1));

      assertThatThrownBy(() -> weights.follow(SERVICE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the weights are closed");
    }
  }
}
