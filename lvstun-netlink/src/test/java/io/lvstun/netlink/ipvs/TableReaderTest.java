// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_DEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tables that are read while others write. */
class TableReaderTest extends OnFakeKernel {

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

  @Test
  void tablesOfServicesWithFewAndManyServersAreReadWhole() {
    int[] counts = {1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 10, 1, 40, 1, 300, 95, 2, 0, 1};
    FakeKernel fresh = new FakeKernel();
    try (NetlinkDriver patient = new NetlinkDriver(fresh, Duration.ofSeconds(5), "6.1")) {
      List<Command> commands = new ArrayList<>();
      for (int i = 0; i < counts.length; i++) {
        VirtualService service = VirtualService.tcp("192.0.2.1", i + 1);
        commands.add(new Command.AddService(service));
        for (int j = 0; j < counts[i]; j++) {
          commands.add(
              new Command.AddServer(
                  service.key(), RealServer.tunnel("198.51.0.1").port(j + 1).weight(j % 7)));
        }
      }
      assertThat(patient.execute(commands)).extracting(Outcome::error).containsOnlyNulls();
      for (int round = 0; round < 3; round++) {
        List<ServiceState> read = patient.services(Consistency.VERIFIED);
        assertThat(read)
            .containsExactlyInAnyOrderElementsOf(fresh.tables.services(Consistency.VERIFIED));
        assertThat(read.stream().mapToInt(state -> state.servers().size()).sum()).isEqualTo(468);
      }
    }
    assertThat(fresh.openSockets()).isZero();
  }
}
