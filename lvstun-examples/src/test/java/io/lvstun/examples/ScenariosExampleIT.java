// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples other than the tutorial's, one after the other on one cluster. */
class ScenariosExampleIT {

  private Topology cluster;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    cluster = Topology.tutorial().prepare(Preparation.tunnel().gue()).start();
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void gettingStarted() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    // A JVM takes its time on an emulated processor.
    String printed =
        cluster
            .director()
            .exec(
                Duration.ofSeconds(120),
                List.of(
                    java.toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-cp",
                    System.getProperty("java.class.path"),
                    GettingStartedExample.class.getName()))
            .orThrow()
            .output();
    assertThat(printed.strip())
        .startsWith("TCP 192.168.1.200:80 rr [")
        .contains("192.168.2.101:80 Tunnel 1", "192.168.3.102:80 Tunnel 2");
    assertThat(cluster.client().get(cluster.vipUrl(), 2, Duration.ofSeconds(15)).byServer())
        .containsKeys("rs1", "rs2");
  }

  @Test
  void weightedScheduling() {
    play(WeightedSchedulingExample.runner());
    assertThat(output()).contains("{rs1=9, rs2=3}");
  }

  @Test
  void dynamicWeight() {
    play(DynamicWeightExample.runner());
    assertThat(output()).contains("{rs1=1, rs2=10}", "gue:6080");
    assertThat(cluster.director().run("ipvsadm", "-L", "-n", "--tun-info"))
        .containsPattern("192\\.168\\.2\\.101:80 +Tunnel +gue:6080:-c +1 ");
  }

  @Test
  void embeddedController() {
    play(EmbeddedControllerExample.runner());
    assertThat(output())
        .contains("Now rs1's tunl0 is down", "no answer from the virtual address")
        .containsPattern("DOWN: .*192\\.168\\.2\\.101");
    assertThat(cluster.director().run("ipvsadm", "-S", "-n"))
        .as("a closed controller leaves its table")
        .contains("192.168.2.101", "192.168.3.102");
  }

  @Test
  void geography() {
    play(GeographyExample.runner());
    assertThat(output())
        .contains("10.0.0.100 was answered by rs1", "10.0.0.200 was answered by rs2")
        .contains("shanghai (mark 0x1001) by rule 0", "CN-SH Shanghai");
    assertThat(cluster.director().run("nft", "list", "tables")).doesNotContain("lvstun");
  }

  @Test
  void firewallMark() {
    play(FirewallMarkExample.runner());
    assertThat(output())
        .contains("10.0.0.100 was answered by rs1", "10.0.0.200 was answered by rs2");
  }

  @Test
  void gracefulDrain() {
    play(GracefulDrainExample.runner());
    assertThat(output()).contains("asks again, and hears from rs1", "{rs2=4}");
    assertThat(cluster.director().run("ipvsadm", "-S", "-n")).doesNotContain("192.168.2.101");
  }

  @Test
  void snapshotRestore() {
    play(SnapshotRestoreExample.runner());
    assertThat(cluster.director().run("ipvsadm", "-L", "--timeout")).contains("600 60 120");
    assertThat(cluster.director().run("ipvsadm", "-L", "-n", "--thresholds"))
        .containsPattern("192\\.168\\.2\\.101:80 +1000 +800 ");
  }

  @Test
  void metrics() {
    play(MetricsExample.runner());
    assertThat(output()).contains("lvstun.server.connections", "lvstun.up");
  }

  @Test
  void rulesText() {
    play(RulesTextExample.runner());
    assertThat(output())
        .contains("-a -t 192.168.1.200:80 -r 192.168.3.102:80 -i -w 2 --tun-type ipip");
  }

  private void play(ExampleRunner runner) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int status = runner.run(new Stage(cluster, Optional.empty(), stream), stream);
    assertThat(output()).contains("VERDICT: it works. ");
    assertThat(status).isEqualTo(0);
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
