// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Director;
import io.lvstun.LvsException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.control.Controller;
import io.lvstun.control.Decision;
import io.lvstun.control.DesiredStateStore;
import io.lvstun.control.Destination;
import io.lvstun.control.DrainOptions;
import io.lvstun.control.ManagedService;
import io.lvstun.control.Transition;
import io.lvstun.examples.lab.HttpAnswers;
import io.lvstun.examples.lab.RequestLoop;
import io.lvstun.examples.lab.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a controller promises, on a kernel, told by {@code ipvsadm} and by the clients. */
class ControlLoopLabIT {

  private static final Duration DEADLINE = Duration.ofSeconds(120);
  private static final int OTHERS = 20;
  private static final String STRANGER = "-A -t 192.168.1.200:9999 -s sh\n";

  private Topology cluster;
  private Director director;

  @TempDir Path folder;

  @BeforeEach
  void start() {
    cluster = Topology.routed(3).start();
    director = Director.builder().networkNamespace("director").open();
    // Closed connections stay in the table for so long, and a drain waits for them.
    director.timeouts(Timeouts.UNCHANGED.tcpFin(Duration.ofSeconds(2)));
    cluster.director().run("ipvsadm", "-A", "-t", "192.168.1.200:9999", "-s", "sh");
  }

  @AfterEach
  void end() {
    director.close();
    cluster.close();
  }

  private String table() {
    return cluster.director().run("ipvsadm", "-S", "-n");
  }

  private static Decision next(BlockingQueue<Decision> decisions, Decision.Kind kind)
      throws InterruptedException {
    while (true) {
      Decision decision = decisions.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      assertThat(decision).as("a decision of kind %s", kind).isNotNull();
      if (decision.kind() == kind) {
        return decision;
      }
    }
  }

  @Test
  void whatIsDoneByHandIsRepairedWithinAPeriod() throws InterruptedException {
    Duration period = Duration.ofSeconds(1);
    BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    try (Controller controller =
        Controller.builder(director).period(period).listener(decisions::add).open()) {
      controller.want(ManagedService.of(web(1)));
      next(decisions, Decision.Kind.APPLIED);
      String right = table();
      assertThat(right.lines()).as("the service, three servers, and a stranger").hasSize(5);
      for (List<String> hand :
          List.of(
              List.of("-d", "-t", "192.168.1.200:80", "-r", "192.168.2.101:80"),
              List.of("-e", "-t", "192.168.1.200:80", "-r", "192.168.3.102:80", "-i", "-w", "77"),
              List.of("-D", "-t", "192.168.1.200:80"))) {
        String[] command =
            Stream.concat(Stream.of("ipvsadm"), hand.stream()).toArray(String[]::new);
        cluster.director().run(command);
        Decision drift = next(decisions, Decision.Kind.DRIFT);
        Decision repaired = next(decisions, Decision.Kind.REPAIRED);
        assertThat(drift.evidence()).as("what %s did", hand).isNotEmpty();
        assertThat(repaired.took()).as("from seen to repaired").isLessThan(period);
        assertThat(sorted(table())).isEqualTo(sorted(right));
      }
      assertThat(table()).as("the stranger").contains(STRANGER);
    }
  }

  @Test
  void clearedTableIsBroughtBack() throws InterruptedException {
    BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    try (Controller controller =
        Controller.builder(director)
            .period(Duration.ofSeconds(1))
            .listener(decisions::add)
            .open()) {
      controller.want(wanted(1));
      next(decisions, Decision.Kind.APPLIED);
      String right = table().replace(STRANGER, "");
      cluster.director().run("ipvsadm", "-C");
      next(decisions, Decision.Kind.DRIFT);
      next(decisions, Decision.Kind.REPAIRED);
      assertThat(sorted(table())).as("all but the stranger").isEqualTo(sorted(right));
    }
  }

  @Test
  void twoControllersOnOneServiceAreNoticed() throws InterruptedException {
    BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    Duration period = Duration.ofMillis(500);
    VirtualService web = web(1);
    try (Director second = Director.builder().networkNamespace("director").open();
        Controller one =
            Controller.builder(director).period(period).listener(decisions::add).open();
        Controller other = Controller.builder(second).period(period).open()) {
      one.want(ManagedService.of(web));
      next(decisions, Decision.Kind.APPLIED);
      other.want(ManagedService.of(web(2)));
      Decision fight = next(decisions, Decision.Kind.FIGHT);
      assertThat(fight.service()).contains(web.key());
      other.unwant(web.key());
    }
    assertThat(table()).as("the stranger").contains(STRANGER);
  }

  @Test
  void secondControllerOnTheSameStateIsRefused() {
    Path state = folder.resolve("state");
    try (Controller first =
        Controller.builder(director).store(DesiredStateStore.file(state)).open()) {
      assertThatThrownBy(
              () -> Controller.builder(director).store(DesiredStateStore.file(state)).open())
          .isInstanceOf(LvsException.class)
          .hasMessageContaining(state.toString());
      assertThat(first.history()).extracting(Decision::kind).contains(Decision.Kind.STARTED);
    }
  }

  private static List<String> sorted(String text) {
    return text.lines().sorted().toList();
  }

  @Test
  void drainAndJoinUnderLoadLoseNoRequest() throws InterruptedException {
    VirtualService web = web(1);
    Destination rs1 = new Destination(web.key(), ServerKey.of("192.168.2.101", 80));
    BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    try (Controller controller =
        Controller.builder(director)
            .period(Duration.ofSeconds(1))
            .listener(decisions::add)
            .open()) {
      controller.want(ManagedService.of(web));
      next(decisions, Decision.Kind.APPLIED);
      HttpAnswers answers;
      try (RequestLoop loop = cluster.client().keepAsking(cluster.vip(), 80, Duration.ZERO)) {
        loop.awaitMore(6, DEADLINE);
        Transition drain = controller.drain(rs1, DrainOptions.within(DEADLINE));
        assertThat(drain.await(DEADLINE)).contains(new Transition.Outcome(true, ""));
        assertThat(table()).doesNotContain("192.168.2.101");
        int before = loop.answers().answers().size();
        loop.awaitMore(6, DEADLINE);
        HttpAnswers without = loop.answers();
        assertThat(
                without.answers().subList(before + 1, without.answers().size()).stream()
                    .map(answer -> answer.server()))
            .as("servers while rs1 is out")
            .doesNotContain("rs1");
        assertThat(controller.join(rs1, DEADLINE).await(DEADLINE))
            .contains(new Transition.Outcome(true, ""));
        loop.awaitMore(9, DEADLINE);
        answers = loop.stop();
      }
      assertThat(answers.failures()).as("requests that failed").isEmpty();
      assertThat(table()).contains("192.168.2.101");
    }
  }

  /** The service that clients use: its weights change from round to round. */
  private static VirtualService web(int round) {
    return VirtualService.tcp("192.168.1.200", 80)
        .scheduler(Scheduler.WRR)
        .addRealServer(RealServer.tunnel("192.168.2.101").weight(1 + round % 3))
        .addRealServer(RealServer.tunnel("192.168.3.102").weight(1 + round % 2))
        .addRealServer(RealServer.tunnel("192.168.4.103").weight(1 + round % 5));
  }

  /** The service that clients use, and others that come and go. */
  private static List<ManagedService> wanted(int round) {
    List<ManagedService> services = new ArrayList<>();
    services.add(ManagedService.of(web(round)));
    for (int i = 0; i < OTHERS; i++) {
      services.add(
          ManagedService.of(
              VirtualService.tcp("192.168.1.200", 1000 + i + round % 2 * OTHERS / 2)
                  .addRealServer(RealServer.tunnel("192.168.2.101").weight(1 + round % 7))));
    }
    return services;
  }
}
