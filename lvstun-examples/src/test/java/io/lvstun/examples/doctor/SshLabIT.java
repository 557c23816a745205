// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Report;
import io.lvstun.diagnostics.Status;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The doctor over ssh, with a real sshd on each host. {@code -Dlvstun.doctor.servers=50} makes the
 * cluster larger.
 */
class SshLabIT {

  private static final int SERVERS = Integer.getInteger("lvstun.doctor.servers", 2);

  /** A log-in costs an emulated processor a second or two, and there may be many. */
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private static final int MOST_ROUND_TRIPS = 3;

  private static Topology cluster;
  private static SshAccess ssh;

  @BeforeAll
  static void start() {
    cluster = Topology.routed(SERVERS).start();
    List<LabHost> hosts = new ArrayList<>(cluster.realServers());
    hosts.add(cluster.director());
    ssh = new SshAccess(cluster.client(), hosts);
    VirtualService web = VirtualService.tcp(cluster.vip(), 80).scheduler(Scheduler.RR);
    for (LabHost server : cluster.realServers()) {
      web = web.addRealServer(server.address()).tunnel();
    }
    try (Director director = Director.builder().networkNamespace("director").open()) {
      director.apply(web);
    }
  }

  @AfterAll
  static void end() {
    ssh.close();
    cluster.close();
  }

  private static Report examine() {
    var topology =
        io.lvstun.diagnostics.Topology.builder().director("director", ssh.host(cluster.director()));
    for (LabHost server : cluster.realServers()) {
      topology.realServer(server.name(), ssh.host(server), server.address());
    }
    return Doctor.examine(topology.build())
        .sample(Duration.ofSeconds(1))
        .deadline(DEADLINE)
        .parallelism(4)
        .run();
  }

  @Test
  void aHealthyClusterTakesFewRoundTripsAndHasNoFault() {
    List<LabHost> hosts = new ArrayList<>(cluster.realServers());
    hosts.add(cluster.director());
    List<Long> before = hosts.stream().map(ssh::logins).toList();

    Report report = examine();

    assertThat(report.findings()).filteredOn(finding -> finding.status() == Status.FAIL).isEmpty();
    for (int i = 0; i < hosts.size(); i++) {
      assertThat(ssh.logins(hosts.get(i)) - before.get(i))
          .as("times that somebody logged in to %s", hosts.get(i))
          .isBetween(1L, (long) MOST_ROUND_TRIPS);
    }
    System.out.println(
        hosts.size()
            + " hosts over ssh: examined in "
            + report.took().toMillis()
            + " ms, of which the analysis "
            + report.analysisTook().toMillis()
            + " ms");
  }

  @Test
  void namesTheHostWhoseTunnelDeviceIsDown() {
    LabHost broken = cluster.realServer(1);
    broken.run("ip", "link", "set", "tunl0", "down");
    try {
      Finding first = examine().rootCauses().get(0);
      assertThat(first.code()).isEqualTo("TUN-001");
      assertThat(first.host()).isEqualTo(broken.name());
    } finally {
      broken.run("ip", "link", "set", "tunl0", "up");
    }
  }

  @Test
  void aHostThatCannotBeReachedIsAFinding() {
    LabHost silent = cluster.realServer(2);
    ssh.stop(silent);
    try {
      Finding first = examine().rootCauses().get(0);
      assertThat(first.code()).isEqualTo("HST-001");
      assertThat(first.host()).isEqualTo(silent.name());
    } finally {
      ssh.start(silent);
    }
  }
}
