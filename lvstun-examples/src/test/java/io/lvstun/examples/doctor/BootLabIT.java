// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.diagnostics.repair.Preparation;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.diagnostics.repair.persist.NetworkConfiguration;
import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.HttpAnswers;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import io.lvstun.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is written for the time after a reboot, read by the programs that read it at boot: a bare
 * host that gets one real server's files, and nothing else, is a real server too.
 */
class BootLabIT {

  private static final int GUE_PORT = io.lvstun.examples.lab.Preparation.GUE_PORT;

  /** What is dropped is waited for in vain. */
  private static final Duration SHORT = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Failing does no harm, and it is run as root. */
  private static final String START_POST = "ExecStartPost=-+";

  /** As at boot: the folders are those of the host, and udev is not there. */
  private static final String NETWORKD =
      """
      mount --bind %s /etc/systemd/network &&
      mount -o remount,bind,ro /sys &&
      mount -t tmpfs none /run &&
      cd /run && mkdir -p systemd/netif/links systemd/netif/leases systemd/netif/lldp &&
      chown -R systemd-network: /run/systemd &&
      exec /lib/systemd/systemd-networkd\
      """;

  /** Who reads at boot what devices are to be like. */
  enum Reader {
    NETWORKD(NetworkConfiguration.NETWORKD),
    /** Its dispatcher, in the place of which the script is called: see {@link #dispatch}. */
    NETWORK_MANAGER(NetworkConfiguration.NETWORK_MANAGER);

    private final NetworkConfiguration configuration;

    Reader(NetworkConfiguration configuration) {
      this.configuration = configuration;
    }
  }

  @ParameterizedTest
  @EnumSource
  void bareHostBecomesRealServerFromTheFilesAlone(Reader reader, @TempDir Path folder)
      throws IOException {
    try (Topology cluster =
            Topology.routed(2).prepare(io.lvstun.examples.lab.Preparation.none()).start();
        Director director = Director.builder().networkNamespace("director").open()) {
      Preparation preparation =
          Preparation.realServer(Host.netns("rs1"))
              .vip(cluster.vip())
              .encapsulation(Encapsulation.ipip(), Encapsulation.gue(GUE_PORT))
              .durability(
                  Durability.ofHost().root(folder.toString()).network(reader.configuration));
      List<StepResult> done = preparation.apply();
      assertThat(done)
          .as("%s", done)
          .allMatch(step -> step.state() == State.DONE || step.state() == State.ALREADY);
      director.apply(Service.IPIP.on(cluster));
      assertThat(answers(cluster, SHORT).byServer()).containsKey("rs1").doesNotContainKey("rs2");

      boot(cluster.realServer(2), folder.resolve("etc"), reader);

      for (Service service : List.of(Service.IPIP, Service.GUE)) {
        director.replaceAll(List.of(service.on(cluster)));
        assertThat(answers(cluster, PATIENCE).byServer())
            .as("%s", service)
            .isEqualTo(Map.of("rs1", 2, "rs2", 2));
      }
      director.flush();
      // The modules serve the other host as well.
      assertThat(preparation.unprepare())
          .isNotEmpty()
          .allMatch(step -> step.state() == State.DONE || step.detail().contains("is in use"));
      try (var files = Files.walk(folder)) {
        assertThat(files.filter(Files::isRegularFile)).as("files that are left").isEmpty();
      }
    }
  }

  private static HttpAnswers answers(Topology cluster, Duration patience) {
    return cluster.client().get(cluster.vipUrl(), 4, patience);
  }

  /** Does with the files what a machine's boot does with them, in the same order. */
  private static void boot(LabHost host, Path etc, Reader reader) throws IOException {
    host.run("/lib/systemd/systemd-modules-load", etc + "/modules-load.d/lvstun.conf");
    host.run("sysctl", "-p", etc + "/sysctl.d/90-lvstun.conf");
    // Of devices that were not there yet, the other reader applies the settings once they come.
    host.run("/lib/systemd/systemd-sysctl", etc + "/sysctl.d/90-lvstun.conf");
    switch (reader) {
      case NETWORKD -> networkd(host, etc);
      case NETWORK_MANAGER -> dispatch(host, etc);
    }
  }

  /**
   * Does what NetworkManager's dispatcher does when a device comes up: it calls the script with the
   * device and with what has happened, of which the first is nothing to it.
   */
  private static void dispatch(LabHost host, Path etc) {
    String script = etc + "/NetworkManager/dispatcher.d/50-lvstun-tunl0";
    host.run(script, "none", "hostname");
    assertThat(host.run("ip", "-o", "address", "show", "dev", "tunl0")).isBlank();
    for (String device : List.of("lo", "eth0")) {
      host.run("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", script, device, "up");
    }
  }

  private static void networkd(LabHost host, Path etc) throws IOException {
    try (BackgroundCommand networkd =
        host.start(
            "unshare", "-m", "sh", "-c", NETWORKD.formatted(etc.resolve("systemd/network")))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> {
                assertThat(host.run("ip", "-o", "address", "show", "dev", "tunl0"))
                    .as(networkd.errors())
                    .contains("192.168.1.200/32");
                assertThat(host.run("ip", "link", "show", "dev", "tunl0")).contains("UP");
              });
    }
    // What systemd runs when its networkd has started.
    Path dropIn =
        etc.resolve("systemd/system/systemd-networkd.service.d/lvstun-gue" + GUE_PORT + ".conf");
    for (String line : Files.readAllLines(dropIn)) {
      if (line.startsWith(START_POST)) {
        host.run(line.substring(START_POST.length()).split(" ", -1));
      }
    }
  }
}
