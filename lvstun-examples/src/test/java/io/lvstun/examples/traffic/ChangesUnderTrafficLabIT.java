// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static io.lvstun.examples.traffic.Clients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.ApplyException;
import io.lvstun.ApplyReport;
import io.lvstun.Command;
import io.lvstun.Director;
import io.lvstun.NotFoundException;
import io.lvstun.Plan;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.Snapshot;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.HttpAnswer;
import io.lvstun.examples.lab.HttpAnswers;
import io.lvstun.examples.lab.RequestLoop;
import io.lvstun.examples.lab.Topology;
import io.lvstun.state.ServiceState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes while clients connect, while other programs write, and while the program is killed. */
class ChangesUnderTrafficLabIT {

  private static final Duration DEADLINE = Duration.ofSeconds(120);

  private Topology cluster;
  private Director director;

  @BeforeEach
  void start() {
    cluster = Topology.routed(3).start();
    director = Director.builder().networkNamespace("director").open();
  }

  @AfterEach
  void end() {
    director.close();
    cluster.close();
  }

  private VirtualService web(int... servers) {
    VirtualService web = VirtualService.tcp(cluster.vip(), 80).scheduler(Scheduler.RR);
    for (int number : servers) {
      web = web.addRealServer(cluster.realServer(number).address()).tunnel();
    }
    return web;
  }

  private String address(int server) {
    return cluster.realServer(server).address();
  }

  private VirtualService other(int port) {
    return VirtualService.tcp(cluster.vip(), port)
        .scheduler(Scheduler.RR)
        .addRealServer(address(1))
        .tunnel()
        .addRealServer(address(2))
        .tunnel();
  }

  private RequestLoop keepAsking() {
    RequestLoop loop = cluster.client().keepAsking(cluster.vip(), 80, Duration.ZERO);
    loop.awaitMore(3, DEADLINE);
    return loop;
  }

  // -- clients connect ---------------------------------------------------------------------------

  @Test
  void editsAndAdditionsFailNoConnection() {
    director.apply(web(1, 2));
    try (RequestLoop first = keepAsking();
        RequestLoop second = keepAsking()) {
      for (int round = 1; round <= 10; round++) {
        int weight = round;
        VirtualService wanted =
            (round < 5 ? web(1, 2) : web(1, 2, 3))
                .realServer(address(1), server -> server.weight(weight))
                .realServer(address(2), server -> server.thresholds(10_000L + weight, 0));
        if (round % 3 == 0) {
          wanted = wanted.persistence(Duration.ofSeconds(60L + round));
        }
        Plan plan = director.plan(wanted, other(8000 + round));
        assertThat(plan.changes())
            .as("only edits and additions")
            .isNotEmpty()
            .noneMatch(change -> change.command() instanceof Command.RemoveServer)
            .noneMatch(change -> change.command() instanceof Command.RemoveService);
        director.apply(plan);
        first.awaitMore(2, DEADLINE);
      }
      assertNoFailures(first.stop());
      assertNoFailures(second.stop());
    }
    assertThat(cluster.director().run("ipvsadm", "-L", "-n"))
        .containsPattern("192\\.168\\.2\\.101:80 +Tunnel +10 ")
        .contains("192.168.4.103:80", "TCP  192.168.1.200:8010 rr");
  }

  private static void assertNoFailures(HttpAnswers answers) {
    assertThat(answers.answers()).hasSizeGreaterThan(10);
    assertThat(answers.failures()).isEmpty();
  }

  /** The kernel takes the old scheduler off before it puts the new one on. */
  @Test
  void changeOfSchedulerRefusesOnlyConnectionsOfThatMoment() {
    List<Scheduler> schedulers =
        List.of(Scheduler.WRR, Scheduler.WLC, Scheduler.LC, Scheduler.SED, Scheduler.RR);
    int changes = schedulers.size();
    director.apply(web(1, 2));
    HttpAnswers answers;
    try (RequestLoop loop = keepAsking()) {
      for (int round = 0; round < changes; round++) {
        director.apply(web(1, 2).scheduler(schedulers.get(round % schedulers.size())));
        loop.awaitMore(2, DEADLINE);
      }
      answers = loop.stop();
    }
    assertThat(answers.answers()).hasSizeGreaterThan(changes);
    assertThat(answers.failures())
        .as("at most the connection that came between two schedulers")
        .hasSizeLessThanOrEqualTo(changes)
        .extracting(HttpAnswer::error)
        .allMatch(error -> error.contains("refused"));
    assertThat(answers.answers().get(answers.answers().size() - 1).ok()).isTrue();
  }

  @Test
  void replacingAllServersLeavesNoMomentWithoutOne() {
    // As set up above, a connection whose server is taken away is reset at its next packet.
    director.apply(web(1));
    int swaps = 9;
    HttpAnswers answers;
    try (RequestLoop loop = keepAsking()) {
      for (int swap = 1; swap <= swaps; swap++) {
        director.replaceAll(web(1 + swap % 3));
        loop.awaitMore(2, DEADLINE);
      }
      answers = loop.stop();
    }
    assertThat(answers.byServer()).containsOnlyKeys("rs1", "rs2", "rs3");
    assertThat(answers.failures())
        .as("at most the connection that was under way when its server was removed")
        .hasSizeLessThanOrEqualTo(swaps)
        .extracting(HttpAnswer::error)
        .allMatch(error -> error.contains("reset") || error.contains("pipe"));
    assertThat(cluster.director().run("ipvsadm", "-S", "-n").lines()).hasSize(2);
  }

  @Test
  void whatFailsIsTakenBackAndNobodyNotices() {
    director.apply(web(1, 2), other(8001));
    Snapshot before = director.snapshot();
    try (RequestLoop loop = keepAsking()) {
      VirtualService changed =
          web(1, 2)
              .persistence(Duration.ofSeconds(60))
              .realServer(address(1), server -> server.weight(5))
              .addRealServer(address(3))
              .weight(0)
              .tunnel();
      VirtualService impossible = other(8002).scheduler(Scheduler.named("no-such"));

      ApplyException failure =
          catchThrowableOfType(
              ApplyException.class, () -> director.apply(changed, other(8003), impossible));

      ApplyReport report = failure.report();
      assertThat(report.failed().get(0).error()).isInstanceOf(NotFoundException.class);
      assertThat(report.done()).as("what came before").isNotEmpty();
      assertThat(report.undone()).hasSameSizeAs(report.done());
      assertThat(report.notUndone()).isEmpty();
      loop.awaitMore(12, DEADLINE);
      assertNoFailures(loop.stop());
    }
    assertThat(director.plan(before).changes()).isEmpty();
    assertThat(cluster.director().run("ipvsadm", "-S", "-n"))
        .contains("-A -t 192.168.1.200:80 -s rr\n")
        .doesNotContain("192.168.4.103", ":8002", ":8003");
  }

  @Test
  void restoringASnapshotHasNoEmptyMoment() {
    director.apply(web(1, 2), other(8001));
    Snapshot saved = director.snapshot();
    try (RequestLoop loop = keepAsking()) {
      for (int round = 0; round < 4; round++) {
        director.replaceAll(
            web(1, 2)
                .realServer(address(1), server -> server.weight(7))
                .addRealServer(address(3))
                .weight(0)
                .tunnel(),
            other(8005));
        director.restore(saved);
        loop.awaitMore(3, DEADLINE);
      }
      assertNoFailures(loop.stop());
    }
    assertThat(director.plan(saved).changes()).isEmpty();
    assertThat(cluster.director().run("ipvsadm", "-S", "-n").lines()).hasSize(6);
  }

  // -- others write ------------------------------------------------------------------------------

  @Test
  void convergesWhileAnotherProgramWrites() {
    List<VirtualService> wanted = new ArrayList<>(List.of(web(1, 2)));
    List<ServiceKey> constant = new ArrayList<>();
    for (int port = 8001; port <= 8012; port++) {
      wanted.add(other(port));
      constant.add(ServiceKey.tcp(cluster.vip(), port));
    }
    director.apply(wanted);
    String others =
        """
        vip=%s
        echo started
        while :; do
          ipvsadm -A -t $vip:9001 -s wlc
          ipvsadm -e -t $vip:80 -r %s -i -w 7
          ipvsadm -a -t $vip:9001 -r %s -i
          ipvsadm -d -t $vip:80 -r %s
          ipvsadm -D -t $vip:9001
          ipvsadm -D -t $vip:9002
          ipvsadm -A -t $vip:9002 -s sh
        done
        """
            .formatted(cluster.vip(), address(1), address(2), address(2));
    int converged = 0;
    try (BackgroundCommand hammer = cluster.director().start("sh", "-c", others)) {
      hammer.awaitOutput(text -> text.contains("started"), PATIENCE);
      for (int round = 0; round < 25; round++) {
        try {
          director.apply(wanted);
          converged++;
        } catch (ApplyException overtaken) {
          // Again and again the other program was faster: told as what it is, and taken back.
          assertThat(overtaken.report().failed())
              .allMatch(
                  failed ->
                      failed.error() instanceof NotFoundException
                          || failed.error() instanceof AlreadyExistsException);
        }
        assertThat(director.services())
            .as("services that nobody touches are in every read")
            .extracting(ServiceState::key)
            .containsAll(constant);
      }
    }
    assertThat(converged).as("rounds in which the table came to agree").isPositive();

    director.apply(wanted);

    assertThat(director.plan(wanted).changes()).isEmpty();
    assertThat(cluster.client().get(cluster.vipUrl(), 4, PATIENCE).byServer())
        .isEqualTo(Map.of("rs1", 2, "rs2", 2));
  }

  // -- the program dies --------------------------------------------------------------------------

  @Test
  void convergesAfterAProgramWasKilledHalfWay() {
    killInTheMiddle(3);
    List<VirtualService> wanted = EndlessApply.table(7);

    director.replaceAll(wanted);

    assertThat(director.planReplaceAll(wanted).changes()).isEmpty();
    assertThat(cluster.director().run("ipvsadm", "-S", "-n").lines())
        .as("a line for each service, and one for each of its two servers")
        .hasSize(3 * EndlessApply.SERVICES);
  }

  private void killInTheMiddle(int turn) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try (BackgroundCommand program =
        cluster
            .director()
            .start(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessApply.class.getName())) {
      program.awaitOutput(text -> text.contains("turn " + turn + "\n"), DEADLINE);
      assertThat(program.isRunning()).isTrue();
      ProcessHandle.of(program.pid()).orElseThrow().destroyForcibly();
      assertThat(program.awaitEnd(PATIENCE).exitCode()).as("SIGKILL").isEqualTo(137);
    }
  }
}
