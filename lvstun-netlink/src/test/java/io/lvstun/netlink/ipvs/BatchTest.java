// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_DEL_DAEMON;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_SERVICE;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_NEW_DEST;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_NEW_SERVICE;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_SET_DEST;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.VirtualService;
import io.lvstun.netlink.ipvs.FakeKernel.Fault;
import io.lvstun.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Commands whose answers come, are lost, malformed or late. */
class BatchTest extends OnFakeKernel {

  @Test
  void manyCommandsGoInFewSends() {
    int before = kernel.sends;
    assertThat(driver.execute(services(1000))).extracting(Outcome::error).containsOnlyNulls();
    assertThat(kernel.sends - before).isLessThan(6);
  }

  @Test
  void sendsAreAsLargeAsTheSocketTakes() {
    kernel.longestDatagram = 1000;
    try (NetlinkDriver narrow = new NetlinkDriver(kernel, Duration.ofSeconds(1), "6.1")) {
      assertThat(narrow.execute(services(100))).extracting(Outcome::error).containsOnlyNulls();
    }
    assertThat(kernel.mostInOneSend).isBetween(2, 9);
  }

  @Test
  void noMoreCommandsAreSentThanErrorsFitTheQueue() {
    kernel.receiveQueue = 16 * 1024;
    done(new Command.AddService(WEB));
    List<Command> failing = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      failing.add(new Command.AddService(WEB));
    }
    assertThat(driver.execute(failing))
        .extracting(outcome -> (Object) outcome.error().getClass())
        .containsOnly(AlreadyExistsException.class);
    assertThat(kernel.mostInOneSend).isLessThanOrEqualTo(12);
  }

  @Test
  void textOfTheKernelIsPassedOn() {
    RealServer multicast =
        new RealServer(IpAddress.parse("224.0.0.1"), 80, Forwarding.TUNNEL, 1, 0, 0);
    LvsException error =
        execute(new Command.AddService(WEB), new Command.AddServer(WEB.key(), multicast))
            .get(1)
            .error();
    assertThat(error).hasMessageContaining("said the kernel");
    assertThat(error.code()).hasValue(22);
  }

  @Test
  void commandsThatCannotBeSentSaySo() {
    kernel.sendErrno = 90;
    assertThat(execute(new Command.AddService(WEB), new Command.Flush()))
        .allSatisfy(outcome -> assertThat(outcome.error().code()).hasValue(90));
    kernel.sendErrno = 0;
    done(new Command.AddService(WEB));
  }

  @Test
  void commandsForWhichNoSocketCanBeOpenedSaySo() {
    // Leaves no socket, and nothing to read back.
    kernel.trap(IPVS_CMD_ZERO, Fault.CUT_OFF);
    assertThat(execute(new Command.Zero(Optional.empty())).get(0).error())
        .isInstanceOf(TimeoutException.class)
        .hasCauseInstanceOf(ProtocolException.class);
    kernel.openErrno = 24;
    assertThat(execute(new Command.AddService(WEB), new Command.Flush()))
        .allSatisfy(
            outcome ->
                assertThat(outcome.error())
                    .hasMessageContaining("this process is out of file descriptors")
                    .hasMessageContaining("ulimit -n")
                    .hasMessageContaining("socket(AF_NETLINK) failed with errno 24"));
    kernel.openErrno = 0;
    done(new Command.AddService(WEB));
  }

  @Test
  void commandThatWasDoneWithoutAnAnswerIsFoundDone() {
    int sockets = kernel.sockets.size();
    kernel.trap(IPVS_CMD_NEW_SERVICE, Fault.NO_ANSWER);
    done(new Command.AddService(WEB));
    assertThat(kernel.sockets.size()).isGreaterThan(sockets);
    assertThat(driver.service(WEB.key())).isPresent();
  }

  @Test
  void commandThatWasNotDoneTimesOutAndSaysThatItWasNotDone() {
    kernel.trap(IPVS_CMD_NEW_SERVICE, Fault.IGNORED);
    LvsException error = execute(new Command.AddService(WEB)).get(0).error();
    assertThat(error)
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("the state read afterwards shows that it was not carried out");
    assertThat(error.operation()).isEqualTo("add service");
    assertThat(error.target()).isEqualTo("TCP 192.0.2.1:80");
  }

  @Test
  void stopWithoutAcknowledgementDoesNotWaitForTheDeadline() {
    try (NetlinkDriver patient = new NetlinkDriver(kernel, Duration.ofMinutes(10), "6.1")) {
      kernel.trap(IPVS_CMD_DEL_DAEMON, Fault.NO_ANSWER);
      assertThat(
              patient.execute(
                  List.of(
                      new Command.StartDaemon(SyncDaemon.master("eth0")),
                      new Command.StopDaemon(SyncDaemon.Role.MASTER),
                      new Command.AddService(WEB))))
          .extracting(Outcome::error)
          .containsOnlyNulls();
      assertThat(patient.syncDaemons()).isEmpty();
    }
  }

  @Test
  void onlyUnansweredCommandsOfABatchAreInDoubt() {
    kernel.trap(IPVS_CMD_SET_DEST, Fault.IGNORED);
    List<Outcome> outcomes =
        execute(
            new Command.AddService(WEB),
            new Command.AddService(WEB),
            new Command.AddServer(WEB.key(), SERVER),
            new Command.EditServer(WEB.key(), SERVER.weight(4)));
    assertThat(outcomes)
        .extracting(outcome -> outcome.error() == null ? null : outcome.error().getClass())
        .isEqualTo(Arrays.asList(null, AlreadyExistsException.class, null, TimeoutException.class));
  }

  @Test
  void answersThatOverflowedAreMadeUpForByTheState() {
    kernel.trap(IPVS_CMD_NEW_DEST, Fault.ANSWER_LOST);
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
    assertThat(driver.service(WEB.key()).orElseThrow().servers()).hasSize(1);
  }

  @Test
  void errorsThatOverflowedAreAskedForAgain() {
    done(new Command.AddService(WEB));
    kernel.trap(IPVS_CMD_NEW_SERVICE, Fault.ERROR_LOST);
    VirtualService other = WEB.scheduler(Scheduler.SED);
    List<Outcome> outcomes =
        execute(
            new Command.AddService(other),
            new Command.Zero(Optional.empty()),
            new Command.AddService(VirtualService.fwmark(5)),
            new Command.RemoveServer(WEB.key(), SERVER.key()));
    assertThat(outcomes.get(0).error()).isInstanceOf(AlreadyExistsException.class);
    assertThat(outcomes.get(1).error()).isNull();
    assertThat(outcomes.get(2).error()).isNull();
    // It is gone, whoever removed it.
    assertThat(outcomes.get(3).error()).isNull();
  }

  @Test
  void errorThatOverflowedAndIsHiddenLeavesTheFateOpen() {
    done(new Command.AddService(WEB));
    kernel.trap(IPVS_CMD_NEW_SERVICE, Fault.ERROR_LOST);
    LvsException error =
        execute(
                new Command.AddService(WEB.scheduler(Scheduler.SED)),
                new Command.AddService(WEB.scheduler(Scheduler.NQ)))
            .get(0)
            .error();
    assertThat(error)
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining(
            "the kernel's answer did not fit the queue; a later command of the batch hides");
  }

  @Test
  void queueThatOverflowsForRealIsRecovered() {
    done(new Command.AddService(WEB));
    // The socket claims a queue that it does not have.
    kernel.receiveQueue = 1024 * 1024;
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      commands.add(new Command.AddService(WEB.scheduler(Scheduler.named("s" + i))));
      commands.add(new Command.AddServer(WEB.key(), SERVER.port(1000 + i)));
    }
    kernel.queueInTruth = 8 * 1024;
    List<Outcome> outcomes = driver.execute(commands);
    for (int i = 0; i < outcomes.size(); i += 2) {
      assertThat(outcomes.get(i).error()).isInstanceOf(LvsException.class);
      assertThat(outcomes.get(i + 1).error()).isNull();
    }
    assertThat(driver.service(WEB.key()).orElseThrow().servers()).hasSize(200);
  }

  @Test
  void answersToOtherRequestsArePassedOver() {
    kernel.trap(IPVS_CMD_NEW_SERVICE, Fault.STRAY_ANSWERS);
    done(new Command.AddService(WEB));
    kernel.trap(IPVS_CMD_GET_SERVICE, Fault.STRAY_ANSWERS);
    assertThat(driver.service(WEB.key())).isPresent();
    kernel.trap(IPVS_CMD_GET_SERVICE, Fault.STRAY_ANSWERS);
    assertThat(driver.services(Consistency.VERIFIED)).hasSize(1);
  }

  @Test
  void afterAMalformedAnswerTheStateTellsWhatWasDone() {
    for (Fault fault : List.of(Fault.CUT_OFF, Fault.WRONG_TYPE)) {
      VirtualService service = VirtualService.fwmark(8 + fault.ordinal());
      kernel.trap(IPVS_CMD_NEW_SERVICE, fault);
      assertThat(execute(new Command.AddService(service)).get(0).error()).isNull();
      assertThat(driver.service(service.key())).isPresent();

      kernel.trap(IPVS_CMD_NEW_SERVICE, fault);
      assertThat(execute(new Command.AddService(service.scheduler(Scheduler.SED))).get(0).error())
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("the kernel's answer is malformed (")
          .hasMessageContaining("the state read afterwards shows that it was not carried out");

      kernel.trap(IPVS_CMD_ZERO, fault);
      assertThat(execute(new Command.Zero(Optional.empty())).get(0).error())
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("the state does not show whether it was carried out");
    }
    assertThat(execute(new Command.AddService(VirtualService.fwmark(99))).get(0).error()).isNull();
  }

  @Test
  void interruptedThreadWaitsNoLongerAndSendsNoMore() {
    kernel.longestDatagram = 600;
    try (NetlinkDriver narrow = new NetlinkDriver(kernel, Duration.ofMinutes(1), "6.1")) {
      kernel.trap(IPVS_CMD_NEW_DEST, Fault.IGNORED);
      List<Command> commands = new ArrayList<>(List.of(new Command.AddService(WEB)));
      for (int i = 1; i < 20; i++) {
        commands.add(new Command.AddServer(WEB.key(), SERVER.port(i)));
      }
      kernel.trap(IPVS_CMD_NEW_DEST, Fault.IGNORED);
      kernel.trap(IPVS_CMD_NEW_DEST, Fault.IGNORED);
      Thread.currentThread().interrupt();
      List<Outcome> outcomes;
      try {
        outcomes = narrow.execute(commands);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(outcomes.get(1).error())
          .isNotInstanceOf(TimeoutException.class)
          .hasMessageContaining(
              "interrupted before the kernel answered; the state read afterwards shows that it was"
                  + " not carried out");
      assertThat(outcomes.get(19).error()).hasMessageContaining("interrupted before it was sent");
    }
  }
}
