// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_DEL_DAEMON;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_CONFIG;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_DEST;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_INFO;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_SERVICE;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_NEW_DEST;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_NEW_SERVICE;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_SET_DEST;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.netlink.ipvs.FakeKernel.Fault;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the driver does when the kernel does not do what it should. */
class NetlinkDriverTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);

  private final FakeKernel kernel = new FakeKernel();
  private final NetlinkDriver driver = new NetlinkDriver(kernel, Duration.ofMillis(150), "6.12.1");

  @AfterEach
  void noSocketIsLeft() {
    driver.close();
    assertThat(kernel.openSockets()).isZero();
  }

  private List<Outcome> execute(Command... commands) {
    return driver.execute(List.of(commands));
  }

  private void done(Command... commands) {
    assertThat(execute(commands)).extracting(Outcome::error).containsOnlyNulls();
  }

  private static List<Command> services(int count) {
    return IntStream.range(0, count)
        .<Command>mapToObj(i -> new Command.AddService(VirtualService.udp("192.0.2.9", i + 1)))
        .toList();
  }

  // -- batches ------------------------------------------------------------------------------------

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
                    .hasMessageContaining("this process has no file descriptors left")
                    .hasMessageContaining("ulimit -n")
                    .hasMessageContaining("socket(AF_NETLINK) failed with errno 24"));
    kernel.openErrno = 0;
    done(new Command.AddService(WEB));
  }

  // -- missing answers ----------------------------------------------------------------------------

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
        .hasMessageContaining("the state read afterwards shows that it was not done");
    assertThat(error.operation()).isEqualTo("add service");
    assertThat(error.target()).isEqualTo("TCP 192.0.2.1:80");
  }

  @Test
  void everyKindOfCommandIsFoundDone() {
    SyncDaemon daemon = SyncDaemon.master("eth0").syncId(7);
    List<Command> commands =
        List.of(
            new Command.AddService(WEB),
            new Command.EditService(WEB.scheduler(Scheduler.RR)),
            new Command.AddServer(WEB.key(), SERVER),
            new Command.EditServer(WEB.key(), SERVER.weight(9)),
            new Command.RemoveServer(WEB.key(), SERVER.key()),
            new Command.RemoveService(WEB.key()),
            new Command.SetTimeouts(Timeouts.ofSeconds(5, 6, 7)),
            new Command.StartDaemon(daemon),
            new Command.StopDaemon(SyncDaemon.Role.MASTER),
            new Command.Flush());
    for (Command command : commands) {
      kernel.trap(number(command), Fault.NO_ANSWER);
      done(command);
    }
  }

  @Test
  void everyKindOfCommandIsFoundNotDone() {
    done(
        new Command.AddService(WEB),
        new Command.AddServer(WEB.key(), SERVER),
        new Command.StartDaemon(SyncDaemon.backup("eth0")));
    List<Command> commands =
        List.of(
            new Command.AddService(VirtualService.fwmark(3)),
            new Command.EditService(WEB.scheduler(Scheduler.RR)),
            new Command.AddServer(WEB.key(), SERVER.port(81)),
            new Command.EditServer(WEB.key(), SERVER.weight(9)),
            new Command.RemoveServer(WEB.key(), SERVER.key()),
            new Command.RemoveService(WEB.key()),
            new Command.SetTimeouts(Timeouts.ofSeconds(5, 6, 7)),
            new Command.StartDaemon(SyncDaemon.master("eth0")),
            new Command.StopDaemon(SyncDaemon.Role.BACKUP),
            new Command.Flush());
    for (Command command : commands) {
      kernel.trap(number(command), Fault.IGNORED);
      assertThat(execute(command).get(0).error())
          .as("%s", command)
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("shows that it was not done");
    }
  }

  @Test
  void zeroingLeavesNoTrace() {
    kernel.trap(IPVS_CMD_ZERO, Fault.NO_ANSWER);
    assertThat(execute(new Command.Zero(Optional.empty())).get(0).error())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("cannot be seen from the state");
  }

  private static int number(Command command) {
    ByteBuffer message = ByteBuffer.allocate(512);
    new Encoder().command(new MessageWriter(message.array()), 28, 1, 1, command);
    return message.get(16);
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
  void earlierCommandWhoseEffectIsThereWasDone() {
    kernel.trap(IPVS_CMD_SET_DEST, Fault.IGNORED);
    List<Outcome> outcomes =
        execute(
            new Command.AddService(WEB),
            new Command.AddServer(WEB.key(), SERVER),
            new Command.EditServer(WEB.key(), SERVER.weight(4)));
    assertThat(outcomes.get(1).error()).isNull();
    assertThat(outcomes.get(2).error()).hasMessageContaining("shows that it was not done");
  }

  @Test
  void laterCommandHidesWhatBecameOfAnEarlierOne() {
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
    kernel.trap(IPVS_CMD_SET_DEST, Fault.IGNORED).trap(IPVS_CMD_SET_DEST, Fault.NO_ANSWER);
    List<Outcome> outcomes =
        execute(
            new Command.EditServer(WEB.key(), SERVER.weight(3)),
            new Command.EditServer(WEB.key(), SERVER.weight(4)));
    assertThat(outcomes.get(0).error())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("a later command of the batch hides");
    assertThat(outcomes.get(1).error()).isNull();
  }

  @Test
  void stateThatCannotBeReadAfterTheDeadlineLeavesTheFateOpen() {
    kernel.trap(IPVS_CMD_NEW_SERVICE, Fault.NO_ANSWER).trap(IPVS_CMD_GET_SERVICE, Fault.IGNORED);
    LvsException error = execute(new Command.AddService(WEB)).get(0).error();
    assertThat(error)
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("the state could not be read afterwards");
    assertThat(error.hint()).contains("Read the state");
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
          .hasMessageContaining("the state read afterwards shows that it was not done");

      kernel.trap(IPVS_CMD_ZERO, fault);
      assertThat(execute(new Command.Zero(Optional.empty())).get(0).error())
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("whether it was done cannot be seen from the state");
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
                  + " not done");
      assertThat(outcomes.get(19).error()).hasMessageContaining("interrupted before it was sent");
    }
  }

  // -- reads --------------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"BUSY", "CHANGED", "ANSWER_LOST"})
  void readIsRepeatedAfterWhatARepetitionHeals(Fault fault) {
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
    for (int command : new int[] {IPVS_CMD_GET_SERVICE, IPVS_CMD_GET_DEST}) {
      kernel.trap(command, fault);
      List<ServiceState> states = driver.services(Consistency.SINGLE_PASS);
      assertThat(states).hasSize(1);
      assertThat(states.get(0).servers()).hasSize(1);
    }
  }

  @Test
  void readThatStaysBusyTimesOut() {
    for (int i = 0; i < 200_000; i++) {
      kernel.trap(IPVS_CMD_GET_SERVICE, Fault.BUSY);
    }
    assertThatThrownBy(() -> driver.services(Consistency.SINGLE_PASS))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("busy with another dump until the deadline");
  }

  @Test
  void readWithoutAnAnswerTimesOutAndTheNextOneWorks() {
    kernel.trap(IPVS_CMD_GET_CONFIG, Fault.IGNORED);
    assertThatThrownBy(driver::timeouts)
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("did not answer before the deadline");
    assertThat(driver.timeouts()).isEqualTo(kernel.tables.timeouts());
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CUT_OFF", "TOO_LONG", "EMPTY", "WRONG_TYPE"})
  void malformedReadIsAProtocolExceptionAndTheNextOneWorks(Fault fault) {
    kernel.trap(IPVS_CMD_GET_INFO, fault);
    assertThatThrownBy(driver::info).isInstanceOf(ProtocolException.class);
    assertThat(driver.info()).isEqualTo(kernel.tables.info());
  }

  @Test
  void dumpThatIsCutOffIsAProtocolException() {
    kernel.trap(IPVS_CMD_GET_SERVICE, Fault.CUT_OFF);
    assertThatThrownBy(() -> driver.services(Consistency.SINGLE_PASS))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("claims 60 of 17 bytes");
  }

  @Test
  void interruptedReadKeepsTheStatus() {
    kernel.trap(IPVS_CMD_GET_CONFIG, Fault.IGNORED);
    Thread.currentThread().interrupt();
    LvsException error;
    try {
      error = catchThrowableOfType(LvsException.class, driver::timeouts);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(error).hasMessageContaining("interrupted").isNotInstanceOf(TimeoutException.class);
  }

  @Test
  void serviceRemovedBetweenItsHeadAndItsServersIsAbsent() {
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
    kernel.beforeDump =
        command -> {
          if (command == IPVS_CMD_GET_DEST) {
            kernel.change(new Command.Flush());
          }
        };
    assertThat(driver.service(WEB.key())).isEmpty();
    kernel.change(new Command.AddService(WEB));
    assertThat(driver.services(Consistency.VERIFIED)).isEmpty();
  }

  // -- dumps while others write -------------------------------------------------------------------

  /** Each removal between two pieces makes the kernel pass over one entry that stays. */
  @Test
  void verifiedReadMissesNoServiceWhileOthersAreRemoved() {
    driver.execute(services(600));
    Set<ServiceKey> staying = new HashSet<>();
    driver.services(Consistency.VERIFIED).forEach(state -> staying.add(state.key()));
    List<ServiceKey> leaving = new ArrayList<>();
    for (int port = 1; port <= 40; port++) {
      leaving.add(ServiceKey.udp("192.0.2.9", port));
    }
    leaving.forEach(staying::remove);
    int[] next = {0};
    kernel.beforePiece =
        piece -> {
          for (int i = 0; i < 5 && next[0] < leaving.size(); i++) {
            kernel.change(new Command.RemoveService(leaving.get(next[0]++)));
          }
        };
    assertThat(driver.services(Consistency.VERIFIED))
        .extracting(ServiceState::key)
        .containsAll(staying)
        .doesNotHaveDuplicates();
    assertThat(next[0]).isEqualTo(40);
  }

  @Test
  void singlePassMissesServicesInTheSameSituation() {
    driver.execute(services(600));
    kernel.beforePiece =
        piece -> kernel.change(new Command.RemoveService(ServiceKey.udp("192.0.2.9", piece)));
    assertThat(driver.services(Consistency.SINGLE_PASS).size()).isLessThan(600);
  }

  @Test
  void verifiedReadUnderEndlessChurnEndsAndMissesNothing() {
    driver.execute(services(600));
    VirtualService coming = VirtualService.udp("192.0.2.9", 1);
    int[] calls = {0};
    kernel.beforePiece =
        piece -> {
          Command command =
              calls[0]++ % 2 == 0
                  ? new Command.RemoveService(coming.key())
                  : new Command.AddService(coming);
          kernel.change(command);
        };
    assertThat(driver.services(Consistency.VERIFIED))
        .extracting(ServiceState::key)
        .containsAll(
            IntStream.rangeClosed(2, 600)
                .mapToObj(port -> ServiceKey.udp("192.0.2.9", port))
                .toList());
  }

  @Test
  void servicesThatWentAwayBeforeTheLastReadingAreNotReported() {
    driver.execute(services(300));
    int[] pieces = {0};
    kernel.beforePiece =
        piece -> {
          if (++pieces[0] == 2) {
            kernel.change(new Command.RemoveService(ServiceKey.udp("192.0.2.9", 5)));
          }
        };
    assertThat(driver.services(Consistency.VERIFIED))
        .extracting(ServiceState::key)
        .doesNotContain(ServiceKey.udp("192.0.2.9", 5))
        .hasSize(299);
  }

  @Test
  void verifiedReadMissesNoServerWhileOthersAreRemoved() {
    done(new Command.AddService(WEB));
    driver.execute(
        IntStream.rangeClosed(1, 500)
            .<Command>mapToObj(port -> new Command.AddServer(WEB.key(), SERVER.port(port)))
            .toList());
    int[] next = {500};
    kernel.beforePiece =
        piece -> {
          for (int i = 0; i < 3 && next[0] > 480; i++) {
            kernel.change(new Command.RemoveServer(WEB.key(), SERVER.port(next[0]--).key()));
          }
        };
    assertThat(driver.service(WEB.key()).orElseThrow().servers())
        .extracting(state -> state.key())
        .containsAll(
            IntStream.rangeClosed(1, 480)
                .mapToObj(port -> ServerKey.of("198.51.100.1", port))
                .toList())
        .doesNotHaveDuplicates();
  }

  @Test
  void smallServicesAreReadOnce() {
    done(new Command.AddService(WEB));
    driver.execute(
        IntStream.rangeClosed(1, 15)
            .<Command>mapToObj(port -> new Command.AddServer(WEB.key(), SERVER.port(port)))
            .toList());
    assertThat(driver.services(Consistency.VERIFIED)).hasSize(1);
    int[] dumps = {0};
    kernel.beforeDump = command -> dumps[0]++;
    int sockets = kernel.sockets.size();
    assertThat(driver.services(Consistency.VERIFIED).get(0).servers()).hasSize(15);
    assertThat(dumps[0]).isEqualTo(2);
    assertThat(kernel.sockets).hasSize(sockets);
  }

  // -- the module ---------------------------------------------------------------------------------

  @Test
  void familyIsLookedUpAgainWhenTheModuleWasLoadedAgain() {
    done(new Command.AddService(WEB));
    kernel.reload();
    assertThat(driver.services(Consistency.VERIFIED)).isEmpty();
    kernel.reload();
    assertThat(driver.service(WEB.key())).isEmpty();
    kernel.reload();
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
    assertThat(driver.service(WEB.key()).orElseThrow().servers()).hasSize(1);
  }

  @Test
  void missingEntryIsNotTakenForAMissingModule() {
    done(new Command.AddService(WEB));
    int sends = kernel.sends;
    LvsException error = execute(new Command.RemoveServer(WEB.key(), SERVER.key())).get(0).error();
    assertThat(error).isInstanceOf(NotFoundException.class);
    assertThat(error.reason()).isEqualTo("real server not found");
    assertThat(kernel.sends - sends).isEqualTo(2);
  }

  @Test
  void moduleThatIsGoneIsNamed() {
    kernel.familyPresent = false;
    assertThat(execute(new Command.AddService(WEB)).get(0).error())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("IPVS")
        .hasMessageContaining("modprobe ip_vs");
    assertThatThrownBy(driver::info)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("modprobe ip_vs");
    kernel.familyPresent = true;
    kernel.reload();
    done(new Command.AddService(WEB));
  }

  @Test
  void driverDoesNotOpenWithoutTheModuleAndLeavesNoSocket() {
    FakeKernel bare = new FakeKernel();
    bare.familyPresent = false;
    assertThatThrownBy(() -> new NetlinkDriver(bare, Duration.ofSeconds(1), "6.1"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no generic netlink family IPVS");
    assertThat(bare.openSockets()).isZero();
  }

  @Test
  void refusedReadIsThePermissionException() {
    FakeKernel locked = new FakeKernel();
    locked.sendErrno = 1;
    assertThatThrownBy(() -> new NetlinkDriver(locked, Duration.ofSeconds(1), "6.1"))
        .isInstanceOf(PermissionException.class)
        .hasMessageContaining("CAP_NET_ADMIN");
  }

  // -- types of tunnel ----------------------------------------------------------------------------

  private static final RealServer GUE =
      RealServer.tunnel("198.51.100.2", Encapsulation.gue(6080)).port(80);

  @Test
  void kernelWithoutTypesOfTunnelIsNotAskedForOne() {
    FakeKernel old = new FakeKernel();
    old.tunnelTypes = false;
    try (NetlinkDriver onOld = new NetlinkDriver(old, Duration.ofSeconds(1), "4.19.0-27-amd64")) {
      assertThat(onOld.missing()).containsOnlyKeys(Capability.TUNNEL_ENCAPSULATION);
      List<Outcome> outcomes =
          onOld.execute(
              List.of(
                  new Command.AddService(WEB),
                  new Command.AddServer(WEB.key(), GUE),
                  new Command.AddServer(WEB.key(), SERVER)));
      assertThat(outcomes.get(0).error()).isNull();
      assertThat(outcomes.get(1).error())
          .isInstanceOf(UnsupportedException.class)
          .hasMessageContaining("Linux 5.2");
      assertThat(outcomes.get(2).error()).isNull();
    }
  }

  @Test
  void whatTheKernelReportsCountsMoreThanItsVersion() {
    FakeKernel patched = new FakeKernel();
    try (NetlinkDriver driver = new NetlinkDriver(patched, Duration.ofSeconds(1), "4.18.0-el8")) {
      assertThat(driver.missing()).isNotEmpty();
      patched.change(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
      assertThat(driver.services(Consistency.SINGLE_PASS)).hasSize(1);
      assertThat(driver.missing()).isEmpty();
      assertThat(driver.execute(List.of(new Command.AddServer(WEB.key(), GUE))).get(0).error())
          .isNull();
    }
  }

  // -- connections and closing --------------------------------------------------------------------

  @Test
  void connectionTableIsRead() {
    kernel.connections =
        "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n"
            + "TCP 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED     899\n";
    try (var connections = driver.connections()) {
      assertThat(connections).hasSize(1);
    }
    kernel.connections = null;
    assertThatThrownBy(driver::connections)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("/proc/net/ip_vs_conn");
  }

  @Test
  void closingWhileAnotherThreadReadsClosesItsSocketAfterwards() throws Exception {
    driver.execute(services(200));
    kernel.beforePiece =
        piece -> {
          kernel.beforePiece = later -> {};
          driver.close();
        };
    assertThatThrownBy(
            () -> {
              while (true) {
                assertThat(driver.services(Consistency.SINGLE_PASS)).hasSize(200);
              }
            })
        .isInstanceOf(IllegalStateException.class);
  }
}
