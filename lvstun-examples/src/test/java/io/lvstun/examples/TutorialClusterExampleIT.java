// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TutorialClusterExampleIT {

  private Topology cluster;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    cluster = Topology.tutorial().start();
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"netlink", "ipvsadm"})
  void showsTheClusterAtWork(String driver) {
    assertThat(play(driver)).as(() -> output()).isEqualTo(0);
    assertThat(output())
        .contains(
            "(driver: " + driver + ")",
            "+ TCP 192.168.1.200:80 -> 192.168.3.102:80 Tunnel 2",
            " 1  answered by rs",
            "10  answered by rs",
            "rs1 (5), rs2 (5)",
            "first is 192.168.1.100 > 192.168.2.101 [10.0.0.100:",
            "first is 192.168.1.100 > 192.168.3.102 [10.0.0.100:",
            "answers that passed the director: none")
        .endsWith(
            "VERDICT: it works. 10 of 10 requests were answered, by rs1 (5), rs2 (5); they came"
                + " through the tunnels, and no answer passed the director.\n");
    String binary = cluster.director().run("ipvsadm", "-L", "-n");
    assertThat(output())
        .as("the table, as the binary prints it")
        .contains(binary.lines().map(line -> "   " + line + "\n").collect(Collectors.joining()));
  }

  @Test
  void saysWhenAServerDoesNotAnswer() {
    LabHost broken = cluster.realServer(2);
    broken.run(
        "nft",
        "add table ip broken; add chain ip broken input "
            + "{ type filter hook input priority 0; }; "
            + "add rule ip broken input tcp dport 80 reject with tcp reset");
    try {
      assertThat(play("netlink")).isEqualTo(1);
    } finally {
      broken.run("nft", "delete", "table", "ip", "broken");
    }
    assertThat(output())
        .contains("NOT ANSWERED: curl (7)", "rs1 (5)")
        .endsWith("VERDICT: it does not work. 5 of 10 requests were not answered\n");
  }

  private int play(String driver) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return TutorialClusterExample.runner()
        .run(new Stage(cluster, Optional.of(driver), stream), stream);
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
