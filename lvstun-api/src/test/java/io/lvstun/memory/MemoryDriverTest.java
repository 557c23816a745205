// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.Outcome;
import io.lvstun.state.Connection;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the in-memory driver has beyond the contract of all drivers. */
final class MemoryDriverTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);

  @Test
  void driversHaveTablesOfTheirOwnUnlessSiblings() {
    try (MemoryDriver one = MemoryDriver.open();
        MemoryDriver other = MemoryDriver.open();
        MemoryDriver sibling = one.sibling()) {
      done(one.execute(List.of(new Command.AddService(WEB))));
      assertThat(other.services(Consistency.VERIFIED)).isEmpty();
      assertThat(sibling.services(Consistency.VERIFIED)).hasSize(1);
      sibling.close();
      assertThat(one.services(Consistency.VERIFIED)).hasSize(1);
    }
  }

  @Test
  void refusedCommandChangesNothing() {
    AtomicInteger count = new AtomicInteger();
    try (MemoryDriver driver =
        MemoryDriver.builder()
            .faults(
                command ->
                    command instanceof Command.AddServer && count.incrementAndGet() == 2
                        ? Fault.refuse(KernelError.ENOMEM)
                        : Fault.NONE)
            .open()) {
      List<Outcome> outcomes =
          driver.execute(
              List.of(
                  new Command.AddService(WEB),
                  new Command.AddServer(WEB.key(), SERVER),
                  new Command.AddServer(WEB.key(), RealServer.tunnel("198.51.100.2").port(80))));
      assertThat(outcomes.get(2).failure().orElseThrow())
          .isExactlyInstanceOf(LvsException.class)
          .hasMessage(
              "cannot add real server 198.51.100.2:80 of TCP 192.0.2.1:80 (memory): the kernel is"
                  + " out of memory [12]. Free memory on the director");
      assertThat(driver.service(WEB.key()).orElseThrow().definition().realServers())
          .containsExactly(SERVER);
    }
  }

  @Test
  void readsCanBeRefused() {
    Faults noReads =
        new Faults() {
          @Override
          public Fault command(Command command) {
            return Fault.NONE;
          }

          @Override
          public Fault read(String operation) {
            return operation.equals("read services") ? Fault.refuse(KernelError.EPERM) : Fault.NONE;
          }
        };
    try (MemoryDriver driver = MemoryDriver.builder().faults(noReads).open()) {
      assertThatExceptionOfType(PermissionException.class)
          .isThrownBy(() -> driver.services(Consistency.VERIFIED))
          .withMessageStartingWith("cannot read services (memory): not permitted [1]");
      assertThat(driver.service(WEB.key())).isEmpty();
      assertThat(driver.info().versionText()).isEqualTo("1.2.1");
    }
  }

  @Test
  void lostReplyLeavesTheCommandDone() {
    try (MemoryDriver driver = MemoryDriver.builder().faults(command -> Fault.loseReply()).open()) {
      Outcome outcome = driver.execute(List.of(new Command.AddService(WEB))).get(0);
      assertThat(outcome.error())
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("no reply within 5000 ms");
      assertThat(driver.service(WEB.key())).isPresent();
    }
  }

  @Test
  void delayWithinTheDeadlineIsOnlyADelay() {
    try (MemoryDriver driver =
        MemoryDriver.builder().faults(command -> Fault.delay(Duration.ofMillis(1))).open()) {
      done(driver.execute(List.of(new Command.AddService(WEB))));
    }
  }

  @Test
  void delayBeyondTheDeadlineTimesOutAndIsCarriedOut() {
    try (MemoryDriver driver =
        MemoryDriver.builder()
            .deadline(Duration.ofMillis(1))
            .faults(command -> Fault.delay(Duration.ofHours(1)))
            .open()) {
      Outcome outcome = driver.execute(List.of(new Command.AddService(WEB))).get(0);
      assertThat(outcome.error()).isInstanceOf(TimeoutException.class);
      assertThat(driver.service(WEB.key())).isPresent();
    }
  }

  @Test
  void interruptedDelayKeepsTheInterruptStatus() {
    try (MemoryDriver driver =
        MemoryDriver.builder().faults(command -> Fault.delay(Duration.ofSeconds(4))).open()) {
      Thread.currentThread().interrupt();
      Outcome outcome = driver.execute(List.of(new Command.AddService(WEB))).get(0);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(outcome.error())
          .isExactlyInstanceOf(LvsException.class)
          .hasMessageContaining("interrupted");
      assertThat(driver.service(WEB.key())).isEmpty();
    }
  }

  @Test
  void observedFiguresShowAndAddUpInTheService() {
    try (MemoryDriver driver = MemoryDriver.open()) {
      RealServer second = RealServer.tunnel("198.51.100.2").port(80);
      done(
          driver.execute(
              List.of(
                  new Command.AddService(WEB),
                  new Command.AddServer(WEB.key(), SERVER),
                  new Command.AddServer(WEB.key(), second))));
      Counters counters = new Counters(3, 30, 0, 3000, 0);
      Rates rates = new Rates(1, 10, 0, 1000, 0);
      driver.observe(WEB.key(), new ServerState(SERVER, 2, 1, 4, counters, rates));
      driver.observe(WEB.key(), new ServerState(second, 0, 1, 0, counters, rates));

      ServiceState state = driver.service(WEB.key()).orElseThrow();
      assertThat(state.counters()).isEqualTo(new Counters(6, 60, 0, 6000, 0));
      assertThat(state.rates()).isEqualTo(new Rates(2, 20, 0, 2000, 0));
      assertThat(state.servers()).contains(new ServerState(SERVER, 2, 1, 4, counters, rates));

      done(driver.execute(List.of(new Command.RemoveServer(WEB.key(), second.key()))));
      assertThat(driver.service(WEB.key()).orElseThrow().counters().connections()).isEqualTo(6);
    }
  }

  @Test
  void figuresSurviveAnEditAndEndWithZero() {
    try (MemoryDriver driver = MemoryDriver.open()) {
      done(
          driver.execute(
              List.of(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER))));
      driver.observe(
          WEB.key(),
          new ServerState(SERVER, 2, 1, 0, new Counters(3, 4, 5, 6, 7), new Rates(1, 2, 3, 4, 5)));
      done(driver.execute(List.of(new Command.EditServer(WEB.key(), SERVER.weight(9)))));
      ServiceState edited = driver.service(WEB.key()).orElseThrow();
      assertThat(edited.servers().get(0).counters().outBytes()).isEqualTo(7);
      assertThat(edited.servers().get(0).activeConnections()).isEqualTo(2);

      done(driver.execute(List.of(new Command.Zero(Optional.of(WEB.key())))));
      ServiceState zeroed = driver.service(WEB.key()).orElseThrow();
      assertThat(zeroed.counters()).isEqualTo(Counters.ZERO);
      assertThat(zeroed.servers().get(0).counters()).isEqualTo(Counters.ZERO);
      assertThat(zeroed.servers().get(0).rates()).isEqualTo(Rates.ZERO);
      assertThat(zeroed.servers().get(0).activeConnections()).isEqualTo(2);
    }
  }

  @Test
  void figuresOfAnAbsentServerAreRefused() {
    try (MemoryDriver driver = MemoryDriver.open()) {
      ServerState state = new ServerState(SERVER, 0, 0, 0, Counters.ZERO, Rates.ZERO);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> driver.observe(WEB.key(), state))
          .withMessageContaining("198.51.100.1:80 is not in TCP 192.0.2.1:80");
    }
  }

  @Test
  void observedConnectionsAreRead() {
    Connection connection =
        new Connection(
            Protocol.TCP,
            IpAddress.parse("203.0.113.9"),
            40000,
            IpAddress.parse("192.0.2.1"),
            80,
            IpAddress.parse("198.51.100.1"),
            80,
            "ESTABLISHED",
            Duration.ofMinutes(15),
            "",
            "");
    try (MemoryDriver driver = MemoryDriver.open()) {
      driver.observeConnections(List.of(connection));
      try (var connections = driver.connections()) {
        assertThat(connections).containsExactly(connection);
      }
    }
  }

  @Test
  void schedulersEnginesAndInterfacesCanBeChosen() {
    try (MemoryDriver driver =
        MemoryDriver.builder()
            .schedulers(Set.of("rr"))
            .persistenceEngines(Set.of())
            .networkInterface("bond0", 9000)
            .open()) {
      assertThat(
              driver.execute(List.of(new Command.AddService(WEB))).get(0).failure().orElseThrow())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("modprobe ip_vs_wlc");
      VirtualService sip =
          WEB.scheduler(Scheduler.RR)
              .persistence(Persistence.of(Duration.ofSeconds(60)).engine("sip"));
      assertThat(
              driver.execute(List.of(new Command.AddService(sip))).get(0).failure().orElseThrow())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("ip_vs_pe_sip");
      done(driver.execute(List.of(new Command.StartDaemon(SyncDaemon.backup("bond0")))));
      assertThat(driver.syncDaemons().get(0).maxLength()).isEqualTo(9000 - 28);
    }
  }

  @Test
  void withoutIpv6EveryCommandThatNamesItIsUnsupported() {
    ServiceKey key = ServiceKey.tcp("2001:db8::1", 80);
    try (MemoryDriver driver = MemoryDriver.builder().ipv6(false).open()) {
      List<Outcome> outcomes =
          driver.execute(
              List.of(
                  new Command.AddService(VirtualService.tcp("2001:db8::1", 80)),
                  new Command.EditService(VirtualService.tcp("2001:db8::1", 80)),
                  new Command.RemoveService(key),
                  new Command.AddServer(key, SERVER),
                  new Command.EditServer(key, SERVER),
                  new Command.RemoveServer(key, SERVER.key()),
                  new Command.Zero(Optional.of(key))));
      assertThat(outcomes)
          .allSatisfy(
              outcome ->
                  assertThat(outcome.error())
                      .isInstanceOf(UnsupportedException.class)
                      .hasMessageContaining("[97]"));
    }
  }

  /** Each error number on each operation says what the table of all drivers says. */
  @ParameterizedTest
  @EnumSource(KernelError.class)
  void everyErrorOnEveryOperationIsWhatTheTableSays(KernelError error) {
    Faults always =
        new Faults() {
          @Override
          public Fault command(Command command) {
            return Fault.refuse(error);
          }

          @Override
          public Fault read(String operation) {
            return Fault.refuse(error);
          }
        };
    try (MemoryDriver driver = MemoryDriver.builder().faults(always).open()) {
      for (Command command :
          List.of(
              new Command.AddService(WEB),
              new Command.EditService(WEB),
              new Command.RemoveService(WEB.key()),
              new Command.AddServer(WEB.key(), SERVER),
              new Command.EditServer(WEB.key(), SERVER),
              new Command.RemoveServer(WEB.key(), SERVER.key()),
              new Command.StartDaemon(SyncDaemon.master("eth0")),
              new Command.StopDaemon(SyncDaemon.Role.MASTER),
              new Command.SetTimeouts(Timeouts.ofSeconds(1, 2, 3)),
              new Command.Zero(Optional.of(WEB.key())),
              new Command.Flush())) {
        LvsException expected =
            KernelError.refused("memory", command, error.number(), error.number(), "");
        assertThat(driver.execute(List.of(command)).get(0).error())
            .isExactlyInstanceOf(expected.getClass())
            .hasMessage(expected.getMessage());
      }
      for (ThrowingCallable read :
          List.<ThrowingCallable>of(
              () -> driver.services(Consistency.VERIFIED),
              () -> driver.service(WEB.key()),
              driver::timeouts,
              driver::syncDaemons,
              driver::info,
              driver::connections)) {
        LvsException told = catchThrowableOfType(LvsException.class, read);
        LvsException expected =
            KernelError.refused(
                "memory", told.operation(), told.target(), error.number(), error.number(), "");
        assertThat(told).isExactlyInstanceOf(expected.getClass()).hasMessage(expected.getMessage());
      }
    }
  }

  @Test
  void secondServiceOfAKeyIsRefused() {
    try (MemoryDriver driver = MemoryDriver.open()) {
      done(driver.execute(List.of(new Command.AddService(WEB))));
      assertThat(driver.execute(List.of(new Command.AddService(WEB))).get(0).error())
          .isInstanceOf(AlreadyExistsException.class);
    }
  }

  private static void done(List<Outcome> outcomes) {
    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.failure()).isEmpty());
  }
}
