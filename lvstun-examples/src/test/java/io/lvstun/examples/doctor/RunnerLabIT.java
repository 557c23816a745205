// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.HttpAnswers;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The runner, started as a user starts it, on the tutorial's cluster while that works. */
class RunnerLabIT {

  /** What is true of the lab's hosts, and no fault of theirs: each with its reason. */
  private static final Map<String, String> TRUE_WARNINGS =
      Map.of(
          "KRN-005", "nothing in the lab is made to last over a reboot",
          "MTU-001", "wires of 1500 bytes, and tunnels over them",
          "MTU-002", "real servers announce the MSS of their wire",
          "IPV-005", "connections of a server that is removed are not told",
          "IPV-013", "the kernel's default keeps them waiting",
          "NIC-001", "a wire of the lab has one queue",
          "NIC-003", "a wire of the lab has one queue",
          "SYS-005", "the kernel's default sends ICMP redirects");

  private Topology cluster;

  @TempDir private Path folder;

  @BeforeEach
  void start() {
    cluster = Topology.tutorial().start();
    VirtualService web =
        VirtualService.tcp(cluster.vip(), 80)
            .scheduler(Scheduler.RR)
            .addRealServer(cluster.realServer(1).address())
            .tunnel()
            .addRealServer(cluster.realServer(2).address())
            .tunnel();
    try (Director director =
        Director.builder().networkNamespace(cluster.director().name()).open()) {
      var unused = director.apply(web);
    }
    HttpAnswers answers = cluster.client().get(cluster.vipUrl(), 4, Duration.ofSeconds(15));
    assertThat(answers.failures()).as("the cluster works before it is examined").isEmpty();
    // What comes by itself is there before the hosts are compared.
    cluster.hosts().values().forEach(LabHost::awaitAddresses);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private record Ended(int status, String out, String err) {}

  private Ended doctor(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                "io.lvstun.diagnostics.cli.LvstunDoctor"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(150, TimeUnit.SECONDS)).as("it ends").isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Everything of all hosts that a check could change, by host and kind. */
  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    state.put(
        "modules",
        Files.readAllLines(Path.of("/proc/modules")).stream()
            .map(line -> line.split(" ")[0])
            .sorted()
            .collect(Collectors.joining("\n")));
    List<LabHost> hosts = new ArrayList<>(cluster.hosts().values());
    for (LabHost host : hosts) {
      String script =
          """
          echo '== link'; ip -d link show
          echo '== address'; ip address show
          echo '== route'; ip route show table all; ip -6 route show table all
          echo '== rule'; ip rule show; ip -6 rule show
          echo '== fou'; ip fou show 2>/dev/null
          echo '== ipvs'; cat /proc/net/ip_vs 2>/dev/null | cut -c1-38
          echo '== sysctl'; sysctl -a 2>/dev/null | grep '^net\\.' |
            grep -v 'nf_conntrack_count\\|tcp_fastopen_key\\|stable_secret'
          echo '== files'; ls -lR /etc/sysctl.d /etc/modules-load.d /etc/network 2>/dev/null
          """;
      String text =
          host.exec(Duration.ofSeconds(60), List.of("sh", "-c", script)).orThrow().output();
      // Routes of IPv6 tell how long they live, addresses too.
      state.put(host.name(), text.replaceAll("(expires|valid_lft|preferred_lft) \\S+", "$1"));
    }
    return state;
  }

  @Test
  void healthyClusterIsFoundHealthyAndLeftAsItIs() throws Exception {
    Map<String, String> before = state();
    Ended ended =
        doctor(
            "check",
            "--director",
            "netns:director",
            "--real-server",
            "netns:rs1",
            "--real-server",
            "netns:rs2",
            "--vantage",
            "netns:client",
            "--vip",
            cluster.vip() + ":80",
            "--output",
            "json",
            "--save-bundle",
            folder.resolve("cluster.zip").toString());
    Map<String, String> after = state();

    assertThat(ended.err()).as("standard error").isEmpty();
    JsonNode report = JsonMapper.shared().readTree(ended.out());
    List<String> broken = new ArrayList<>();
    List<String> untrue = new ArrayList<>();
    for (JsonNode finding : report.path("findings")) {
      String status = finding.path("status").asString();
      String line =
          status
              + " "
              + finding.path("code").asString()
              + " "
              + finding.path("host").asString()
              + ": "
              + finding.path("observed").asString();
      if (Set.of("FAIL", "ERROR").contains(status)) {
        broken.add(line);
      } else if (status.equals("WARN")
          && !TRUE_WARNINGS.containsKey(finding.path("code").asString())) {
        untrue.add(line);
      }
    }
    assertThat(broken).isEmpty();
    assertThat(untrue).isEmpty();
    assertThat(report.path("verdict").asString()).isIn("PASS", "WARN");
    assertThat(ended.status()).isEqualTo(report.path("verdict").asString().equals("PASS") ? 0 : 4);
    assertThat(report.path("hosts").size()).isEqualTo(4);
    for (JsonNode host : report.path("hosts")) {
      assertThat(host.path("reached").asBoolean()).isTrue();
      assertThat(host.path("roundTrips").asInt()).isBetween(1, 3);
    }

    for (Map.Entry<String, String> entry : before.entrySet()) {
      assertThat(after.get(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue());
    }
    assertThat(
            new String(
                Files.readAllBytes(folder.resolve("cluster.zip")), StandardCharsets.ISO_8859_1))
        .startsWith("PK");

    Ended again =
        doctor("check", "--from-bundle", folder.resolve("cluster.zip").toString(), "-o", "json");
    assertThat(JsonMapper.shared().readTree(again.out()).path("counts"))
        .as("the bundle, analysed later, gives the same findings")
        .isEqualTo(report.path("counts"));
  }

  @Test
  void directorAloneNamesItsRealServers() throws Exception {
    Ended ended =
        doctor(
            "check",
            "-d",
            "netns:director",
            "--ssh-config",
            "/dev/null",
            "--ssh-user",
            "nobody",
            "--connect-timeout",
            "1s",
            "--only",
            "HST",
            "-o",
            "json");
    JsonNode report = JsonMapper.shared().readTree(ended.out());
    List<String> hosts =
        report.path("hosts").valueStream().map(host -> host.path("host").asString()).toList();
    assertThat(hosts)
        .containsExactlyInAnyOrder(
            "netns:director", "ssh://nobody@192.168.2.101", "ssh://nobody@192.168.3.102");
    assertThat(report.path("verdict").asString()).as("nobody may log in").isEqualTo("FAIL");
    assertThat(ended.status()).isEqualTo(3);
  }
}
