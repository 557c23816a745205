// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.DriverOptions;
import io.lvstun.Encapsulation;
import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.NotFoundException;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel does that clients get wrong, as `ipvsadm` and the kernel show it. */
class NetlinkDriverLabIT {

  private static final VirtualService WEB = VirtualService.tcp("10.9.0.1", 80);

  private LabNamespace namespace;
  private IpvsDriver driver;

  @BeforeEach
  void open() {
    namespace = new LabNamespace();
    driver = namespace.driver();
  }

  @AfterEach
  void close() {
    driver.close();
    namespace.close();
  }

  private void done(Command... commands) {
    assertThat(driver.execute(List.of(commands))).extracting(Outcome::error).containsOnlyNulls();
  }

  private static List<Command> services(int from, int to) {
    return IntStream.range(from, to)
        .<Command>mapToObj(port -> new Command.AddService(VirtualService.udp("10.9.0.1", port)))
        .toList();
  }

  @Test
  void weightEditKeepsTheTunnel() {
    RealServer server =
        RealServer.tunnel("10.9.1.1", Encapsulation.gue(6080).checksum())
            .port(80)
            .thresholds(100, 50);
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), server));
    RealServer read = driver.service(WEB.key()).orElseThrow().servers().get(0).definition();

    done(new Command.EditServer(WEB.key(), read.weight(9)));

    assertThat(namespace.inside("ipvsadm", "-Sn"))
        .contains("-r 10.9.1.1:80 -i -w 9 --tun-type gue --tun-port 6080 --tun-csum");
    assertThat(namespace.inside("ipvsadm", "-Ln", "--thresholds")).contains("100        50");
  }

  @Test
  void stopRightAfterStartReturns() {
    for (int round = 0; round < 5; round++) {
      done(new Command.StartDaemon(SyncDaemon.master("eth0").syncId(3)));
      long start = System.nanoTime();
      done(new Command.StopDaemon(SyncDaemon.Role.MASTER));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(namespace.inside("ipvsadm", "-Ln", "--daemon")).doesNotContain("master");
    }
  }

  @Test
  void verifiedReadsLoseNothingWhileOthersWrite() throws Exception {
    int staying = 400;
    for (Outcome outcome : driver.execute(services(10_000, 10_000 + staying))) {
      assertThat(outcome.error()).isNull();
    }
    List<ServiceKey> lasting =
        IntStream.range(10_000, 10_000 + staying)
            .mapToObj(port -> ServiceKey.udp("10.9.0.1", port))
            .toList();
    AtomicBoolean churning = new AtomicBoolean(true);
    Thread churn =
        new Thread(
            () -> {
              try (IpvsDriver other = namespace.driver()) {
                List<Command> add = services(1, 200);
                List<Command> remove = new ArrayList<>();
                for (int port = 1; port < 200; port++) {
                  remove.add(new Command.RemoveService(ServiceKey.udp("10.9.0.1", port)));
                }
                while (churning.get()) {
                  assertThat(other.execute(add)).hasSize(add.size());
                  assertThat(other.execute(remove)).hasSize(remove.size());
                }
              }
            });
    churn.start();
    try {
      for (int round = 0; round < 10; round++) {
        assertThat(driver.services(Consistency.VERIFIED))
            .extracting(ServiceState::key)
            .containsAll(lasting)
            .doesNotHaveDuplicates();
      }
    } finally {
      churning.set(false);
      churn.join();
    }
  }

  @Test
  void namespaceIsEnteredByNamePathAndProcess() throws Exception {
    done(new Command.AddService(WEB));
    Process process =
        new ProcessBuilder("ip", "netns", "exec", namespace.name(), "sleep", "60").start();
    try {
      NetworkNamespace byPath = new NetworkNamespace(Path.of("/run/netns", namespace.name()));
      // ip netns exec becomes the command: wait until it is inside.
      String pid = Long.toString(process.pid());
      for (int i = 0;
          i < 200 && !LabNamespace.run("ps", "-o", "comm=", pid).contains("sleep");
          i++) {
        Thread.sleep(50);
      }
      for (NetworkNamespace way :
          List.of(namespace.namespace(), byPath, NetworkNamespace.ofProcess(process.pid()))) {
        try (IpvsDriver inside =
            new NetlinkDriverProvider()
                .open(new DriverOptions(Optional.of(way), Duration.ofSeconds(20)))) {
          assertThat(inside.service(WEB.key())).as("%s", way).isPresent();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    try (IpvsDriver own = new NetlinkDriverProvider().open(DriverOptions.defaults())) {
      assertThat(own.service(WEB.key())).isEmpty();
    }
    assertThat(namespace.inside("ipvsadm", "-Sn")).contains("-A -t 10.9.0.1:80 -s wlc");
    assertThat(LabNamespace.run("ipvsadm", "-Sn")).doesNotContain("10.9.0.1");
  }

  @Test
  void missingNamespaceAndWrongFileAreNamed() {
    NetlinkDriverProvider provider = new NetlinkDriverProvider();
    assertThatThrownBy(
            () ->
                provider.open(
                    new DriverOptions(
                        Optional.of(NetworkNamespace.named("absent")), Duration.ofSeconds(5))))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("/run/netns/absent");
    assertThatThrownBy(
            () ->
                provider.open(
                    new DriverOptions(
                        Optional.of(new NetworkNamespace(Path.of("/etc/hostname"))),
                        Duration.ofSeconds(5))))
        .isInstanceOf(LvsException.class)
        .hasMessageContaining("is not a network namespace");
  }

  @Test
  void connectionTableIsThatOfTheNamespace() {
    VirtualService dns = VirtualService.udp("10.9.0.1", 53);
    done(
        new Command.AddService(dns),
        new Command.AddServer(dns.key(), RealServer.masquerade("10.9.1.1").port(53)));
    namespace.inside("bash", "-c", "echo hello > /dev/udp/10.9.0.1/53");
    String listed = namespace.inside("ipvsadm", "-Lnc");
    try (var connections = driver.connections()) {
      assertThat(connections)
          .singleElement()
          .satisfies(
              connection -> {
                assertThat(connection.serverPort()).isEqualTo(53);
                assertThat(listed).contains("10.9.0.1:" + connection.clientPort());
              });
    }
  }
}
