// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_NEW_DEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.TimeoutException;
import io.lvstun.VirtualService;
import io.lvstun.netlink.ipvs.FakeKernel.Fault;
import io.lvstun.netlink.socket.SocketSource;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What outcomes say is what the kernel's table says: with an interrupt, a close or a deadline at
 * every step of a batch, whether the kernel did the command of that step or not, with one command a
 * send and with all in one.
 */
final class NetlinkTruthTest {

  private static final int STEPS = 6;
  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);

  /** So that one command fills a datagram. */
  private static final int NARROW = 300;

  enum Event {
    INTERRUPT,
    CLOSE,
    DEADLINE
  }

  static Stream<Arguments> matrix() {
    return Stream.of(Event.values())
        .flatMap(
            event ->
                Stream.of(null, Fault.NO_ANSWER, Fault.IGNORED, Fault.CUT_OFF, Fault.ANSWER_LOST)
                    .flatMap(
                        fault ->
                            Stream.of(true, false)
                                .map(narrow -> Arguments.of(event, fault, narrow))));
  }

  private static RealServer server(int number) {
    return RealServer.tunnel("198.51.100." + (number + 1)).port(80);
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void outcomesEqualTheTable(Event event, @Nullable Fault fault, boolean narrow) throws Exception {
    // Of a send, only the last command is acknowledged: no kernel passes over one before it.
    int first = fault == Fault.IGNORED && !narrow ? STEPS - 1 : 0;
    for (int step = first; step < STEPS; step++) {
      FakeKernel kernel = new FakeKernel();
      kernel.longestDatagram = narrow ? NARROW : kernel.longestDatagram;
      Duration deadline = event == Event.DEADLINE ? Duration.ofMillis(1) : Duration.ofMinutes(1);
      // Where nothing else ends the wait, the deadline must.
      boolean silent = fault == Fault.NO_ANSWER || fault == Fault.IGNORED;
      NetlinkDriver driver =
          new NetlinkDriver(
              kernel, event == Event.CLOSE && silent ? Duration.ofMillis(1) : deadline, "6.1");
      kernel.change(new Command.AddService(WEB));
      List<Thread> closing = new ArrayList<>();
      kernel.trap(
          IPVS_CMD_NEW_DEST,
          step,
          fault,
          () -> {
            if (event == Event.INTERRUPT) {
              Thread.currentThread().interrupt();
            } else if (event == Event.CLOSE) {
              closing.add(closeFromAnotherThread(driver));
            }
          });
      List<Command> commands = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        commands.add(new Command.AddServer(WEB.key(), server(i)));
      }
      List<Outcome> outcomes;
      try {
        outcomes = driver.execute(commands);
      } finally {
        assertThat(Thread.interrupted()).isEqualTo(event == Event.INTERRUPT);
      }
      for (Thread thread : closing) {
        thread.join();
      }
      Set<ServerKey> table =
          kernel.tables.service(WEB.key()).orElseThrow().servers().stream()
              .map(ServerState::key)
              .collect(Collectors.toSet());
      for (int i = 0; i < STEPS; i++) {
        assertThat(outcomes.get(i).error() == null)
            .as("step %s: %s", step, outcomes.get(i))
            .isEqualTo(table.contains(server(i).key()));
      }
      if (event != Event.INTERRUPT || fault == null || !narrow) {
        assertThat(table).hasSize(fault == Fault.IGNORED ? STEPS - 1 : STEPS);
      }
      driver.close();
      assertThat(kernel.openSockets()).isZero();
    }
  }

  /** Returns when the driver takes no more calls, which is before its close has ended. */
  private static Thread closeFromAnotherThread(NetlinkDriver driver) {
    Thread thread = new Thread(driver::close);
    thread.start();
    while (true) {
      try {
        assertThat(driver.execute(List.of())).isEmpty();
        Thread.onSpinWait();
      } catch (IllegalStateException e) {
        return thread;
      }
    }
  }

  @Test
  void whatCannotBeReadBackIsNeverReportedAsNotDone() {
    FakeKernel kernel = new FakeKernel();
    try (NetlinkDriver driver = new NetlinkDriver(kernel, Duration.ofMillis(1), "6.1")) {
      kernel.change(new Command.AddService(WEB));
      kernel.trap(IPVS_CMD_NEW_DEST, 0, Fault.NO_ANSWER, () -> kernel.openErrno = 24);
      Outcome outcome = driver.execute(List.of(new Command.AddServer(WEB.key(), server(0)))).get(0);
      assertThat(outcome.error())
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("did not answer before the deadline; the state could not be read");
      kernel.openErrno = 0;
      assertThat(driver.services(Consistency.VERIFIED).get(0).servers()).hasSize(1);
    }
  }

  @Test
  void closeWaitsForABatchAndLetsTheNamespaceGoAfterTheLastRead() {
    FakeKernel kernel = new FakeKernel();
    List<String> order = new ArrayList<>();
    SocketSource source =
        new SocketSource() {
          @Override
          public io.lvstun.netlink.socket.NetlinkSocket open(int protocol) {
            return kernel.open(protocol);
          }

          @Override
          public java.io.InputStream openProcNet(String name) throws java.io.IOException {
            return kernel.openProcNet(name);
          }

          @Override
          public void close() {
            order.add("source closed");
          }
        };
    NetlinkDriver driver = new NetlinkDriver(source, Duration.ofMinutes(1), "6.1");
    kernel.change(new Command.AddService(WEB));
    kernel.beforeDump =
        command -> {
          kernel.beforeDump = later -> {};
          driver.close();
          order.add("closed");
        };
    assertThat(driver.services(Consistency.VERIFIED)).hasSize(1);
    assertThat(order).containsExactly("closed", "source closed");
    driver.close();
    assertThat(order).hasSize(2);
    assertThatThrownBy(driver::info).isInstanceOf(IllegalStateException.class);
    assertThat(kernel.openSockets()).isZero();
  }
}
