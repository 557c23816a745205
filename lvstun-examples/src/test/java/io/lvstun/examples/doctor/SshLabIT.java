// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.examples.doctor.DoctorRun.Found;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The doctor over ssh, with a real sshd on each host; deep tests have a large cluster. */
class SshLabIT {

  private static final int MANY = 50;

  /** Hosts; of more of them the time that each took tells something. */
  private static final int FEW = 10;

  private static final int MOST_ROUND_TRIPS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private int servers;
  private Topology cluster;
  private SshAccess ssh;
  private Director director;
  private Path topology;

  @BeforeEach
  void start(TestInfo test) throws IOException {
    servers = test.getTags().contains("deep") ? MANY : 2;
    topology = Files.createTempFile("ssh", ".yaml");
    cluster = Topology.routed(servers).prepare(Preparation.tunnel().gue()).start();
    // What real servers announce fits into the tunnels.
    for (int i = 1; i <= servers; i++) {
      cluster.realServer(i).run("sh", "-c", Faults.CLAMP.formatted(i + 1));
    }
    List<LabHost> hosts = new ArrayList<>(cluster.realServers());
    hosts.add(cluster.director());
    ssh = new SshAccess(cluster.client(), hosts);
    director = Director.builder().networkNamespace("director").open();
    director.apply(Service.IPIP.on(cluster));
  }

  @AfterEach
  void end() throws IOException {
    director.close();
    ssh.close();
    cluster.close();
    Files.delete(topology);
  }

  private DoctorRun doctor(String... arguments) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("ssh: {config: ").append(ssh.configuration()).append("}\n");
    yaml.append("directors:\n").append(line(cluster.director()));
    yaml.append("realServers:\n");
    cluster.realServers().forEach(server -> yaml.append(line(server)));
    try {
      Files.writeString(topology, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> all = new ArrayList<>(List.of("check", "--topology", topology.toString()));
    all.addAll(List.of("--connect-timeout", "10m", "--deadline", "10m", "--parallel", "4"));
    all.addAll(List.of(arguments));
    return DoctorRun.of(all);
  }

  private static String line(LabHost host) {
    return "  - {name: " + host.name() + ", host: \"ssh://root@" + host.address() + "\"}\n";
  }

  private Found first(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("-o", "json", "--sample", "0s", "--no-probes"));
    arguments.addAll(List.of(more));
    return doctor(arguments.toArray(new String[0])).findings().get(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"IPIP", "GUE"})
  void aHealthyClusterTakesFewRoundTripsAndHasNoFault(Service service, @TempDir Path folder) {
    healthyAndSoonSeen(service, folder);
  }

  @Tag("deep")
  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void fiftyHealthyServersTakeAsFewRoundTripsEach(@TempDir Path folder) {
    healthyAndSoonSeen(Service.IPIP, folder);
  }

  private void healthyAndSoonSeen(Service service, Path folder) {
    director.replaceAll(List.of(service.on(cluster)));
    List<LabHost> hosts = new ArrayList<>(cluster.realServers());
    hosts.add(cluster.director());
    List<Long> before = hosts.stream().map(ssh::logins).toList();
    String bundle = folder.resolve("cluster.zip").toString();

    DoctorRun run = doctor("-o", "json", "--sample", "1s", "--save-bundle", bundle);

    assertThat(Patient.untrue(run.findings())).isEmpty();
    for (int i = 0; i < hosts.size(); i++) {
      assertThat(ssh.logins(hosts.get(i)) - before.get(i))
          .as("times that somebody logged in to %s", hosts.get(i))
          .isBetween(1L, (long) MOST_ROUND_TRIPS);
    }
    JsonNode report = JsonMapper.shared().readTree(run.out());
    assertThat(report.path("hosts").valueStream())
        .hasSize(hosts.size())
        .allMatch(host -> host.path("roundTrips").asInt() <= MOST_ROUND_TRIPS);
    long analysis = report.path("analysisMicros").asLong() / hosts.size();
    System.out.println(
        hosts.size()
            + " hosts over ssh, "
            + service
            + ": examined in "
            + report.path("tookMillis").asLong()
            + " ms, of which the analysis "
            + analysis
            + " microseconds a host");
    if (hosts.size() > FEW) {
      System.out.println(DoctorRun.of(List.of("check", "--from-bundle", bundle, "--timing")).out());
    }
  }

  @Test
  void namesTheHostWhoseTunnelDeviceIsDown() {
    LabHost broken = cluster.realServer(1);
    broken.run("ip", "link", "set", "tunl0", "down");
    try {
      Found first = first();
      assertThat(first.code() + " " + first.host()).isEqualTo("TUN-001 " + broken.name());
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
        assertThat(cluster.client().get(cluster.vipUrl(), servers, PATIENCE).failures()).isEmpty();
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
      Found first = first("--only", "HST");
      assertThat(first.code() + " " + first.host()).isEqualTo("HST-001 " + silent.name());
    } finally {
      ssh.start(silent);
    }
  }
}
