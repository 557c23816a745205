// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvstun.Command;
import io.lvstun.Director;
import io.lvstun.LvsException;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controller on tables in memory: loop, threads, listeners, store. */
final class ControllerTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80)
          .addRealServer("192.0.2.11")
          .tunnel()
          .addRealServer("192.0.2.12")
          .weight(2)
          .tunnel();
  private static final ServerKey FIRST = ServerKey.of("192.0.2.11", 80);
  private static final Destination RS1 = new Destination(WEB.key(), FIRST);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final MemoryDriver driver = MemoryDriver.open();
  private final MemoryDriver others = driver.sibling();
  private final Director director = Director.on(driver);
  private final Recorder recorder = new Recorder();

  @TempDir Path folder;

  @AfterEach
  void close() {
    director.close();
  }

  private Controller.Builder builder() {
    return Controller.builder(director).period(Duration.ofMillis(100)).listener(recorder);
  }

  private VirtualService present() {
    return others.service(WEB.key()).orElseThrow().definition();
  }

  @Test
  void wantedServiceIsBroughtAbout() throws InterruptedException {
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      Decision applied = recorder.next(Decision.Kind.APPLIED);
      assertThat(applied.service()).contains(WEB.key());
      assertThat(applied.why()).isEqualTo("the service is not in the table");
      assertThat(present()).isEqualTo(WEB);
    }
  }

  @Test
  void driftIsRepairedAndSaid() throws InterruptedException {
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
      assertThat(others.execute(List.of(new Command.RemoveServer(WEB.key(), FIRST)))).hasSize(1);
      Decision drift = recorder.next(Decision.Kind.DRIFT);
      assertThat(drift.evidence()).contains("+ TCP 192.0.2.1:80 -> 192.0.2.11:80 Tunnel 1");
      recorder.next(Decision.Kind.REPAIRED);
      assertThat(present()).isEqualTo(WEB);

      assertThat(others.execute(List.of(new Command.Flush()))).hasSize(1);
      recorder.next(Decision.Kind.REPAIRED);
      assertThat(present()).isEqualTo(WEB);
    }
  }

  @Test
  void unwantedServiceIsRemovedAndStrangersStay() throws InterruptedException {
    VirtualService strange = VirtualService.udp("192.0.2.9", 53);
    assertThat(others.execute(List.of(new Command.AddService(strange)))).hasSize(1);
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
      controller.unwant(WEB.key());
      Decision applied = recorder.next(Decision.Kind.APPLIED);
      assertThat(applied.evidence()).isEqualTo("- TCP 192.0.2.1:80");
      assertThat(others.service(WEB.key())).isEmpty();
      assertThat(others.service(strange.key())).isPresent();
    }
  }

  @Test
  void listenersThatThrowOrBlockStopNobody() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    Controller.Builder builder =
        builder()
            .listener(
                decision -> {
                  throw new IllegalStateException("a listener's own fault");
                })
            .listener(
                decision -> {
                  try {
                    release.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try (Controller controller = builder.open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
      assertThat(others.execute(List.of(new Command.Flush()))).hasSize(1);
      recorder.next(Decision.Kind.REPAIRED);
      assertThat(present()).isEqualTo(WEB);
    } finally {
      release.countDown();
    }
  }

  @Test
  void dryRunSaysWhatItWouldDoAndDoesNothing() throws InterruptedException {
    try (Controller controller = builder().dryRun(true).open()) {
      controller.want(ManagedService.of(WEB));
      Decision decision = recorder.next(Decision.Kind.WOULD_APPLY);
      assertThat(decision.evidence()).startsWith("+ TCP 192.0.2.1:80 wlc");
      assertThat(others.service(WEB.key())).isEmpty();
    }
  }

  @Test
  void restartedControllerGoesOnWithWhatIsStored() throws InterruptedException {
    Path file = folder.resolve("state");
    try (Controller controller = builder().store(DesiredStateStore.file(file)).open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
    }
    assertThat(others.execute(List.of(new Command.Flush()))).hasSize(1);
    try (Controller controller = builder().store(DesiredStateStore.file(file)).open()) {
      Decision applied = recorder.next(Decision.Kind.APPLIED);
      assertThat(applied.why()).isEqualTo("the service is not in the table");
      assertThat(present()).isEqualTo(WEB);
      assertThat(controller.history()).isNotEmpty();
    }
  }

  @Test
  void serviceThatIsThereIsTakenOverAsItIs() throws InterruptedException {
    director.apply(WEB);
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      Decision adopted = recorder.next(Decision.Kind.ADOPTED);
      assertThat(adopted.why()).isEqualTo("it is as wanted");
      assertThat(controller.history(WEB.key()))
          .noneMatch(decision -> decision.kind() == Decision.Kind.APPLIED);
    }
  }

  @Test
  void secondControllerOnOneStoreIsRefused() {
    Path file = folder.resolve("state");
    try (Controller controller = builder().store(DesiredStateStore.file(file)).open()) {
      Controller.Builder second = builder().store(DesiredStateStore.file(file));
      assertThatExceptionOfType(LvsException.class)
          .isThrownBy(second::open)
          .withMessageContaining("another controller uses " + file);
      assertThat(controller.toString()).contains(file.toString());
    }
  }

  @Test
  void drainedServerLeavesWhenItsConnectionsHaveEnded() throws InterruptedException {
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
      observe(2);
      Transition drain = controller.drain(RS1, DrainOptions.within(LONG));
      Decision applied = recorder.next(Decision.Kind.APPLIED);
      assertThat(applied.evidence()).contains("=> 192.0.2.11:80 Tunnel 0");
      observe(0);
      assertThat(drain.await(LONG)).contains(new Transition.Outcome(true, ""));
      assertThat(present().realServers()).extracting(RealServer::key).doesNotContain(FIRST);

      Transition join = controller.join(RS1, LONG);
      assertThat(join.await(LONG)).contains(new Transition.Outcome(true, ""));
      assertThat(present()).isEqualTo(WEB);
      assertThat(controller.history(FIRST))
          .extracting(Decision::kind)
          .containsExactly(
              Decision.Kind.DRAINING,
              Decision.Kind.DRAINED,
              Decision.Kind.JOINING,
              Decision.Kind.JOINED);
    }
  }

  private void observe(int connections) {
    others.observe(
        WEB.key(),
        new ServerState(WEB.realServers().get(0), connections, 0, 0, Counters.ZERO, Rates.ZERO));
  }

  @Test
  void cancelledDrainLeavesTheServerAsItWas() throws InterruptedException {
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
      observe(1);
      Transition drain = controller.drain(RS1, DrainOptions.within(LONG));
      recorder.next(Decision.Kind.APPLIED);
      drain.cancel();
      assertThat(drain.await(LONG)).contains(new Transition.Outcome(false, "cancelled"));
      recorder.next(Decision.Kind.APPLIED);
      assertThat(present()).isEqualTo(WEB);
    }
  }

  @Test
  void serverThatIsNotInAnyServiceCannotBeDrained() throws InterruptedException {
    try (Controller controller = builder().open()) {
      Transition drain = controller.drain(RS1, DrainOptions.within(LONG));
      assertThat(drain.await(LONG).orElseThrow().detail()).contains("nothing to drain");
    }
  }

  @Test
  void replacementJoinsBeforeTheOldServerLeaves() throws InterruptedException {
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
      RealServer other = RealServer.tunnel("192.0.2.13").weight(3);
      Transition replace = controller.replace(RS1, other, LONG, DrainOptions.within(LONG));
      assertThat(replace.await(LONG)).contains(new Transition.Outcome(true, ""));
      assertThat(present())
          .isEqualTo(WEB.removeRealServer("192.0.2.11").addRealServer(other.port(80)));
      assertThat(controller.history())
          .extracting(Decision::kind)
          .containsSubsequence(
              Decision.Kind.JOINING,
              Decision.Kind.JOINED,
              Decision.Kind.DRAINING,
              Decision.Kind.DRAINED);

      Transition again = controller.replace(RS1, other, LONG, DrainOptions.within(LONG));
      assertThat(again.await(LONG).orElseThrow().detail())
          .isEqualTo("192.0.2.11:80 of TCP 192.0.2.1:80 is not wanted");
    }
  }

  @Test
  void serversAreRestartedOneAfterAnother() throws InterruptedException {
    Destination rs2 = new Destination(WEB.key(), ServerKey.of("192.0.2.12", 80));
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
      List<String> present = new ArrayList<>();
      Transition restart =
          controller.rollingRestart(
              List.of(Set.of(RS1), Set.of(rs2)),
              server -> present.add(server + " while there is " + present().realServers()),
              LONG,
              DrainOptions.within(LONG));
      assertThat(restart.await(LONG))
          .contains(new Transition.Outcome(true, "2 servers were restarted"));
      assertThat(present)
          .containsExactly(
              "[192.0.2.11:80 of TCP 192.0.2.1:80] while there is [192.0.2.12:80 Tunnel 2]",
              "[192.0.2.12:80 of TCP 192.0.2.1:80] while there is [192.0.2.11:80 Tunnel 1]");
      assertThat(present()).isEqualTo(WEB);
    }
  }

  @Test
  void rollingRestartStopsAtTheFirstFailure() throws InterruptedException {
    try (Controller controller = builder().open()) {
      controller.want(ManagedService.of(WEB));
      recorder.next(Decision.Kind.APPLIED);
      Transition restart =
          controller.rollingRestart(
              List.of(Set.of(RS1), Set.of(new Destination(WEB.key(), FIRST))),
              server -> {
                throw new IOException("no route to host");
              },
              LONG,
              DrainOptions.within(LONG));
      assertThat(restart.await(LONG).orElseThrow())
          .matches(outcome -> !outcome.reached())
          .extracting(Transition.Outcome::detail)
          .asString()
          .startsWith("0 of 2 servers were restarted: ")
          .endsWith("could not be restarted: java.io.IOException: no route to host");
      assertThat(present().realServers()).extracting(RealServer::key).doesNotContain(FIRST);
    }
  }

  @Test
  void badInputIsRefusedAtTheCall() {
    try (Controller controller = builder().open()) {
      ManagedService web = ManagedService.of(WEB);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> controller.want(web, web))
          .withMessage("service TCP 192.0.2.1:80 is given twice");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DrainOptions.within(Duration.ofDays(8)))
          .withMessageContaining("must be 0 to 7 days");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().period(Duration.ofMillis(1)))
          .withMessageContaining("100 ms to 1 hour");
    }
  }

  @Test
  void closedControllerRefuses() {
    Controller controller = builder().open();
    controller.close();
    controller.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> controller.unwant(ServiceKey.tcp("192.0.2.1", 80)))
        .withMessage("the controller is closed");
  }
}
