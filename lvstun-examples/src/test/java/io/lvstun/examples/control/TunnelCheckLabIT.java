// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Health checks by raw packets through the tunnel, against each fault of the receiving side. */
class TunnelCheckLabIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A fault of a real server: how it is made, and how it is undone. */
  private record Fault(String name, String make, String undo, String detail) {}

  private static final List<Fault> FAULTS =
      List.of(
          new Fault(
              "tunl0 is down",
              "ip link set tunl0 down",
              "ip link set tunl0 up",
              "no answer from the virtual address through the tunnel"),
          new Fault(
              "the VIP is missing",
              "ip address del 192.168.1.200/32 dev tunl0",
              "ip address add 192.168.1.200/32 dev tunl0",
              "no answer from the virtual address through the tunnel"),
          new Fault(
              "strict reverse path filter",
              "sysctl -qw net.ipv4.conf.all.rp_filter=1",
              "sysctl -qw net.ipv4.conf.all.rp_filter=0",
              "no answer from the virtual address through the tunnel"),
          new Fault(
              "protocol 4 is dropped",
              "iptables -I INPUT -p 4 -j DROP",
              "iptables -D INPUT -p 4 -j DROP",
              "no answer from the virtual address through the tunnel"),
          new Fault(
              "nobody listens on the VIP's port",
              "iptables -I INPUT -d 192.168.1.200 -p tcp -j REJECT --reject-with tcp-reset",
              "iptables -D INPUT -d 192.168.1.200 -p tcp -j REJECT --reject-with tcp-reset",
              "reset: nothing listens on the port"));

  private static String[] probe(Topology cluster, String... servers) {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                TunnelCheckProbe.class.getName(),
                cluster.vip(),
                Integer.toString(Preparation.GUE_PORT)));
    command.addAll(List.of(servers));
    return command.toArray(String[]::new);
  }

  private static int count(String text, String line) {
    return text.split(Pattern.quote(line), -1).length - 1;
  }

  @Test
  void eachReceivingFaultIsSeenAlthoughTheServersOwnAddressAnswers() {
    try (Topology cluster = Topology.tutorial().start()) {
      LabHost rs1 = cluster.host("rs1");
      LabHost rs2 = cluster.host("rs2");
      try (BackgroundCommand checks =
          cluster
              .director()
              .start(probe(cluster, "rs1", rs1.address(), "ipip", "rs2", rs2.address(), "ipip"))) {
        for (String line : List.of("rs1 tunnel UP", "rs1 direct UP", "rs2 tunnel UP")) {
          checks.awaitOutput(text -> text.contains(line), PATIENCE);
        }
        int times = 1;
        for (Fault fault : FAULTS) {
          int number = times++;
          rs1.run("sh", "-c", fault.make());
          checks.awaitOutput(text -> count(text, "rs1 tunnel DOWN") == number, PATIENCE);
          assertThat(checks.output().lines().filter(line -> line.startsWith("rs1 tunnel DOWN")))
              .as(fault.name())
              .last()
              .isEqualTo("rs1 tunnel DOWN " + fault.detail());
          rs1.run("sh", "-c", fault.undo());
          checks.awaitOutput(text -> count(text, "rs1 tunnel UP") == number + 1, PATIENCE);
        }
        assertThat(checks.output())
            .doesNotContain("rs1 direct DOWN", "rs2 tunnel DOWN", "rs2 direct DOWN");
      }
      // Nothing is left behind: no half-open connection, no entry of IPVS.
      assertThat(rs1.run("ss", "-Htan", "state", "syn-recv")).isBlank();
      assertThat(cluster.director().run("cat", "/proc/net/ip_vs_conn").lines().skip(1)).isEmpty();
    }
  }

  @Test
  void gueAndGreAreSpokenToo() {
    try (Topology cluster = Topology.routed(2).prepare(Preparation.tunnel().gue().gre()).start()) {
      String rs1 = cluster.host("rs1").address();
      String rs2 = cluster.host("rs2").address();
      try (BackgroundCommand checks =
          cluster.director().start(probe(cluster, "rs1", rs1, "gue", "rs2", rs2, "gre"))) {
        checks.awaitOutput(text -> text.contains("rs1 tunnel UP"), PATIENCE);
        checks.awaitOutput(text -> text.contains("rs2 tunnel UP"), PATIENCE);
      }
    }
  }
}
