// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.RealServer;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.spi.KernelError;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each error number on each operation, from the kernel and from the system calls. */
final class NetlinkErrnoTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);

  private static final List<Command> COMMANDS =
      List.of(
          new Command.AddService(WEB),
          new Command.EditService(WEB),
          new Command.RemoveService(WEB.key()),
          new Command.AddServer(WEB.key(), SERVER),
          new Command.EditServer(WEB.key(), SERVER),
          new Command.RemoveServer(WEB.key(), SERVER.key()),
          new Command.StartDaemon(SyncDaemon.master("eth0")),
          new Command.StopDaemon(SyncDaemon.Role.MASTER),
          new Command.SetTimeouts(
              new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1))),
          new Command.Zero(Optional.empty()),
          new Command.Zero(Optional.of(WEB.key())),
          new Command.Flush());

  private final FakeKernel kernel = new FakeKernel();
  private NetlinkDriver driver;

  @BeforeEach
  void open() {
    driver = new NetlinkDriver(kernel, Duration.ofMillis(1), "6.1");
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private Map<String, Runnable> reads() {
    Map<String, Runnable> reads = new LinkedHashMap<>();
    reads.put("read services", () -> assertThat(driver.services(Consistency.VERIFIED)).isNull());
    reads.put("read timeouts", () -> assertThat(driver.timeouts()).isNull());
    reads.put("read sync daemons", () -> assertThat(driver.syncDaemons()).isNull());
    reads.put("read info", () -> assertThat(driver.info()).isNull());
    return reads;
  }

  @ParameterizedTest
  @EnumSource(KernelError.class)
  void refusedCommandSaysWhatTheTableSays(KernelError error) {
    kernel.refusal = error.number();
    for (Command command : COMMANDS) {
      LvsException expected =
          KernelError.refused("netlink", command, error.number(), error.number(), "");
      assertThat(driver.execute(List.of(command)).get(0).error())
          .isExactlyInstanceOf(expected.getClass())
          .satisfies(
              refused -> {
                assertThat(refused.code()).hasValue(error.number());
                assertThat(refused.reason()).startsWith(expected.reason());
                assertThat(refused.hint()).isEqualTo(expected.hint());
                assertThat(refused).hasMessageContaining(command.operation());
              });
    }
  }

  @ParameterizedTest
  @EnumSource(KernelError.class)
  void refusedReadSaysWhatTheTableSays(KernelError error) {
    kernel.refusal = error.number();
    reads()
        .forEach(
            (operation, read) -> {
              LvsException thrown = catchThrowableOfType(LvsException.class, read::run);
              if (error == KernelError.EBUSY) {
                // Of another dump on this socket: tried again on others until the deadline.
                assertThat(thrown).isExactlyInstanceOf(TimeoutException.class);
                return;
              }
              LvsException expected =
                  KernelError.refused("netlink", operation, "", error.number(), error.number(), "");
              assertThat(thrown).isExactlyInstanceOf(expected.getClass());
              assertThat(thrown.code()).hasValue(error.number());
              assertThat(thrown.reason()).startsWith(expected.reason());
              assertThat(thrown.hint()).isEqualTo(expected.hint());
            });
    if (error == KernelError.ESRCH) {
      assertThat(driver.service(WEB.key())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(KernelError.class)
  void systemCallThatFailsIsToldWithItsNumberAndChangesNothing(KernelError error) {
    for (Command command : COMMANDS) {
      kernel.sendErrno = error.number();
      LvsException unsent = driver.execute(List.of(command)).get(0).error();
      assertThat(unsent).as("%s", command).isNotNull();
      assertThat(unsent.code()).hasValue(error.number());
      kernel.sendErrno = 0;
      assertThat(kernel.tables.services(Consistency.SINGLE_PASS)).isEmpty();
    }
    kernel.openErrno = error.number();
    LvsException unopened =
        catchThrowableOfType(
            LvsException.class, () -> new NetlinkDriver(kernel, Duration.ofMillis(1), "6.1"));
    assertThat(unopened.code()).hasValue(error.number());
    assertThat(unopened).hasMessageContaining("socket(AF_NETLINK) failed");
  }
}
