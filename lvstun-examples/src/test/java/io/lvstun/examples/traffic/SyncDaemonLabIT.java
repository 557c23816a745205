// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.LongConnection;
import io.lvstun.examples.lab.Topology;
import io.lvstun.state.Connection;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two directors share their connections, and one takes over from the other. */
class SyncDaemonLabIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Topology cluster;

  @BeforeEach
  void start() {
    cluster = Topology.routed(2).directors(2).start();
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void connectionSurvivesTheLossOfItsDirector() {
    LabHost active = cluster.director(1);
    LabHost standby = cluster.director(2);
    // Tell the standby of a connection after its first packets, not after its third.
    active.run("sysctl", "-q", "-w", "net/ipv4/vs/sync_threshold=1 2");
    VirtualService web =
        VirtualService.tcp(cluster.vip(), 80)
            .scheduler(Scheduler.RR)
            .addRealServer("192.168.2.101")
            .tunnel()
            .addRealServer("192.168.3.102")
            .tunnel();
    try (Director first = Director.builder().networkNamespace(active.name()).open();
        Director second = Director.builder().networkNamespace(standby.name()).open()) {
      first.apply(web);
      second.apply(web);
      second.startSync(SyncDaemon.backup("eth0").syncId(7));
      first.startSync(SyncDaemon.master("eth0").syncId(7));
      assertThat(active.run("ipvsadm", "-L", "--daemon"))
          .contains("master sync daemon (mcast=eth0, syncid=7,");
      assertThat(standby.run("ipvsadm", "-L", "--daemon"))
          .contains("backup sync daemon (mcast=eth0, syncid=7,");

      try (LongConnection connection = cluster.client().connect(cluster.vip(), 80)) {
        String server = connection.server();
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(500))
            .untilAsserted(
                () -> {
                  // Only what flows is synchronised.
                  assertThat(connection.server()).isEqualTo(server);
                  try (Stream<Connection> connections = second.connections()) {
                    assertThat(connections)
                        .anyMatch(
                            it ->
                                it.state().equals("ESTABLISHED")
                                    && it.server().equals(cluster.host(server).inetAddress()));
                  }
                });

        active.cutOff();
        takeOver(standby);
        try (WireCapture wire = new WireCapture(standby, "ip proto 4")) {
          assertThat(connection.server(PATIENCE)).isEqualTo(server);
          WirePacket packet = wire.await(it -> it.protocol() == WirePacket.IPIP);
          assertThat(packet.source()).isEqualTo(standby.address());
          assertThat(packet.target()).isEqualTo(cluster.host(server).address());
        }
      }
      first.stopSync(SyncDaemon.Role.MASTER);
      second.stopSync(SyncDaemon.Role.BACKUP);
      assertThat(standby.run("ipvsadm", "-L", "--daemon")).doesNotContain("sync daemon (");
    }
  }

  /** What keepalived does: takes the VIP and tells the neighbours. */
  private void takeOver(LabHost standby) {
    standby.run("ip", "address", "add", cluster.vip() + "/32", "dev", "eth0");
    standby.run("arping", "-U", "-c", "2", "-I", "eth0", cluster.vip());
  }
}
