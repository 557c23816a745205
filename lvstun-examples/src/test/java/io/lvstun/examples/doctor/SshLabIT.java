// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Report;
import io.lvstun.diagnostics.Status;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The doctor over ssh, with a real sshd on each host. {@code -Dlvstun.doctor.servers=50} makes the
 * cluster larger.
 */
class SshLabIT {

  private static final int SERVERS = Integer.getInteger("lvstun.doctor.servers", 2);

  /** A log-in costs an emulated processor a second or two, and there may be many. */
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private static final int MOST_ROUND_TRIPS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Topology cluster;
  private static SshAccess ssh;
  private static Director director;

  @BeforeAll
  static void start() {
    cluster = Topology.routed(SERVERS).prepare(Preparation.tunnel().gue()).start();
    List<LabHost> hosts = new ArrayList<>(cluster.realServers());
    hosts.add(cluster.director());
    ssh = new SshAccess(cluster.client(), hosts);
    director = Director.builder().networkNamespace("director").open();
    director.apply(Service.IPIP.on(cluster));
  }

  @AfterAll
  static void end() {
    director.close();
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

  @ParameterizedTest
  @EnumSource(names = {"IPIP", "GUE"})
  void aHealthyClusterTakesFewRoundTripsAndHasNoFault(Service service) {
    director.replaceAll(List.of(service.on(cluster)));
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
    long most = 0;
    for (LabHost host : hosts) {
      most = Math.max(most, ssh.logins(host) - before.get(hosts.indexOf(host)));
    }
    System.out.println(
        hosts.size()
            + " hosts over ssh, "
            + service
            + ": examined in "
            + report.took().toMillis()
            + " ms with at most "
            + most
            + " log-ins a host, of which the analysis "
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

  /** As a user runs it: the host's own tcpdump captures, what it wrote is shown and kept. */
  @Test
  void traceShowsTheTunnelsPacketsOfAHostOverSsh(@TempDir Path folder) throws Exception {
    director.replaceAll(List.of(Service.IPIP.on(cluster)));
    LabHost server = cluster.realServer(1);
    Path file = folder.resolve("trace.pcap");
    Process runner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.lvstun.diagnostics.cli.LvstunDoctor",
                "trace",
                "--host=ssh://root@" + server.address(),
                "--ssh-config=" + ssh.configuration(),
                "--count=6",
                "--duration=60s",
                "--pcap=" + file)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      while (runner.isAlive()) {
        assertThat(cluster.client().get(cluster.vipUrl(), SERVERS, PATIENCE).failures()).isEmpty();
      }
    } finally {
      runner.destroyForcibly();
    }
    assertThat(runner.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
    String packet = " > " + server.address() + ": 10.0.0.100:";
    assertThat(Files.readAllLines(folder.resolve("out")))
        .hasSize(6)
        .allMatch(line -> line.contains(" ipip " + cluster.director().address() + packet))
        .allMatch(line -> line.contains(" > " + cluster.vip() + ":80 tcp ["));
    Process tcpdump =
        new ProcessBuilder("tcpdump", "-nn", "-r", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> read =
        new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(tcpdump.waitFor()).isZero();
    assertThat(read)
        .hasSize(6)
        .allMatch(line -> line.contains("IP " + cluster.director().address() + " > "))
        .allMatch(line -> line.contains(" > " + cluster.vip() + ".80: Flags ["));
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
