// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static io.lvstun.examples.doctor.DirectorPair.causes;
import static io.lvstun.examples.doctor.DirectorPair.everything;
import static io.lvstun.examples.doctor.DirectorPair.of;
import static io.lvstun.examples.doctor.DirectorPair.onlyCauses;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.VirtualService;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Report;
import io.lvstun.diagnostics.Risk;
import io.lvstun.diagnostics.Status;
import io.lvstun.diagnostics.Topology;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.LongConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One thing wrong with the directors' tables, connections or settings at a time: what the doctor
 * says of it, what its repair does, and that it can be taken back.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StateFaultsLabIT {

  private static DirectorPair pair;
  private static String vip;
  private static LabHost first;
  private static LabHost second;

  @BeforeAll
  static void start() {
    pair = new DirectorPair();
    vip = pair.cluster().vip();
    first = pair.first();
    second = pair.second();
  }

  @AfterAll
  static void end() {
    pair.close();
  }

  @BeforeEach
  void refresh() {
    pair.refresh();
  }

  private static String address(int server) {
    return pair.cluster().realServer(server).address();
  }

  private static void served() {
    assertThat(pair.serves()).as("clients are served").isTrue();
  }

  private static String table(LabHost director) {
    return director.run("ipvsadm", "-Sn");
  }

  // ---- the healthy cluster ----

  @Test
  void healthyClusterHasNothingWrong() {
    served();
    Report report = pair.examine(topology -> topology.desired(pair.web()));
    assertThat(everything(report)).isEmpty();
    assertThat(of(report, "IPV-002", "director").status()).isEqualTo(Status.PASS);
    assertThat(of(report, "HA-002", "director2").status()).isEqualTo(Status.PASS);
    assertThat(of(report, "HA-003", "director").notable()).isTrue();
    // All settings of this kernel are known, and directors need not forward.
    assertThat(of(report, "IPV-018", "director").notable()).isFalse();
    assertThat(of(report, "SYS-004", "director").notable()).isFalse();
    // The director answers for the address, whatever the real servers do.
    assertThat(of(report, "IPV-012", "client").notable()).isTrue();
    assertThat(pair.cluster().client().exec("ping", "-c", "1", "-W", "2", vip).exitCode()).isZero();
  }

  // ---- the table ----

  @Test
  void addressMissingOnBothIsGivenToOne() {
    first.run("ip", "address", "delete", vip + "/32", "dev", "eth0");
    try {
      assertThat(pair.failuresOf(1)).isOne();
      Report report = pair.examine();
      assertThat(causes(report))
          .as(everything(report))
          .startsWith("FAIL IPV-001 director", "FAIL IPV-001 director2");
      assertThat(report.findings(Status.FAIL))
          .as(everything(report))
          .allMatch(finding -> finding.code().equals("IPV-001"));
      pair.repairAndUndo(
          topology -> topology.service("tcp:" + vip + ":80"),
          report,
          StateFaultsLabIT::served,
          Risk.ADDRESS);
      assertThat(first.run("ip", "address")).doesNotContain(vip);
    } finally {
      first.run("ip", "address", "replace", vip + "/32", "dev", "eth0");
    }
  }

  @Test
  void serverRemovedByHandIsDrift() {
    UnaryOperator<Topology.Builder> desired = topology -> topology.desired(pair.web());
    pair.onBoth("ipvsadm", "-d", "-t", vip + ":80", "-r", address(2));
    Report report = pair.examinationOfDirectors(desired).run();
    onlyCauses(report, "FAIL IPV-002 director", "FAIL IPV-002 director2");
    assertThat(of(report, "IPV-002", "director").remedy().orElseThrow().actions().get(0).text())
        .contains("ipvsadm -a -t 192.168.1.200:80 -r 192.168.3.102:80 -i");
    pair.repairAndUndo(
        desired, report, () -> assertThat(table(second)).contains("-r " + address(2)));
    assertThat(table(first)).doesNotContain("-r " + address(2));
  }

  @Test
  void editWithoutMethodTurnsTheTunnelOff() {
    pair.onBoth("ipvsadm", "-e", "-t", vip + ":80", "-r", address(1));
    assertThat(pair.failuresOf(2)).isPositive();
    Report report = pair.examine();
    onlyCauses(report, "FAIL IPV-003 director", "FAIL IPV-003 director2");
    pair.repairAndUndo(topology -> topology, report, StateFaultsLabIT::served);
    assertThat(table(first)).contains("-r " + address(1) + ":80 -g");
  }

  @Test
  void allWeightsZeroRefusesClients() {
    for (int server = 1; server <= 2; server++) {
      pair.onBoth("ipvsadm", "-e", "-t", vip + ":80", "-r", address(server), "-i", "-w", "0");
    }
    assertThat(pair.failuresOf(1)).isOne();
    Report report = pair.examinationOfDirectors(topology -> topology).run();
    onlyCauses(report, "FAIL IPV-004 director", "FAIL IPV-004 director2");
    pair.repairAndUndo(topology -> topology, report, StateFaultsLabIT::served, Risk.DISRUPTIVE);
    assertThat(table(first)).contains("-w 0").doesNotContain("-w 1");
  }

  // ---- connections ----

  @Test
  void connectionsOfARemovedServerHang() {
    first.sysctl("net.ipv4.vs.expire_nodest_conn", 0);
    try (LongConnection connection = pair.cluster().client().connect(vip, 80)) {
      LabHost server = pair.cluster().host(connection.server());
      pair.onBoth("ipvsadm", "-d", "-t", vip + ":80", "-r", server.address());
      Report report = pair.examinationOfDirectors(topology -> topology).run();
      onlyCauses(report, "WARN IPV-005 director");
      assertThat(of(report, "IPV-005", "director").observed()).contains(server.address());
      pair.repairAndUndo(
          topology -> topology,
          report,
          () -> assertThat(first.sysctl("net.ipv4.vs.expire_nodest_conn")).isEqualTo("1"));
      assertThat(first.sysctl("net.ipv4.vs.expire_nodest_conn")).isEqualTo("0");
    }
  }

  @Test
  void persistenceSpreadsConnectionsUnevenly() throws Exception {
    VirtualService persistent = pair.web().persistence(Duration.ofSeconds(300));
    pair.replace(persistent);
    second.sysctl("net.ipv4.vs.expire_quiescent_template", 1);
    first.sysctl("net.ipv4.vs.expire_quiescent_template", 1);
    try {
      CompletableFuture<Report> examined =
          CompletableFuture.supplyAsync(
              () ->
                  pair.examinationOfDirectors(topology -> topology)
                      .sample(Duration.ofSeconds(12))
                      .run());
      while (!examined.isDone()) {
        assertThat(pair.cluster().client().get(pair.cluster().vipUrl(), 50).failures()).isEmpty();
      }
      Report report = examined.get();
      onlyCauses(report, "WARN IPV-007 director");
      assertThat(of(report, "IPV-007", "director").observed())
          .contains("gets 100 % of the connections, its weight says 50 %");
    } finally {
      first.sysctl("net.ipv4.vs.expire_quiescent_template", 0);
      second.sysctl("net.ipv4.vs.expire_quiescent_template", 0);
    }
  }

  /** The last one: its half open connections stay for a minute. */
  @Test
  @Order(Integer.MAX_VALUE)
  void halfOpenConnectionsAreASymptomOfTheServersFault() {
    LabHost server = pair.cluster().realServer(1);
    server.sysctl("net.ipv4.conf.all.rp_filter", 1);
    try {
      assertThat(pair.failuresOf(8)).isGreaterThanOrEqualTo(4);
      Report report = pair.examine();
      assertThat(causes(report).get(0))
          .as(everything(report))
          .startsWith("FAIL RPF-00")
          .endsWith("rs1");
      Finding halfOpen = of(report, "IPV-006", "director");
      assertThat(halfOpen.status()).isEqualTo(Status.FAIL);
      assertThat(halfOpen.rootCause()).isFalse();
      assertThat(halfOpen.observed()).contains("rs1");
      assertThat(halfOpen.causedBy()).contains("RPF-001");
    } finally {
      server.sysctl("net.ipv4.conf.all.rp_filter", 0);
    }
  }

  // ---- settings ----

  @Test
  void settingsThatHurtAreNamed() {
    first.sysctl("net.ipv4.vs.run_estimation", 0);
    first.sysctl("net.ipv4.vs.conntrack", 1);
    first.sysctl("net.ipv4.vs.ignore_tunneled", 1);
    first.sysctl("net.ipv4.ip_forward", 1);
    first.sysctl("net.ipv4.conf.eth0.send_redirects", 1);
    second.sysctl("net.ipv4.vs.expire_quiescent_template", 1);
    try {
      pair.replace(pair.web().persistence(Duration.ofSeconds(300)));
      Report report = pair.examinationOfDirectors(topology -> topology).run();
      onlyCauses(
          report,
          "WARN IPV-008 director",
          "WARN IPV-015 director",
          "WARN CT-002 director",
          "WARN SYS-005 director");
      assertThat(of(report, "SYS-004", "director").notable()).isTrue();
      assertThat(of(report, "IPV-014", "director").notable()).isTrue();
      pair.repairAndUndo(
          topology -> topology,
          report,
          () -> assertThat(first.sysctl("net.ipv4.vs.run_estimation")).isEqualTo("1"));
      assertThat(first.sysctl("net.ipv4.vs.run_estimation")).isEqualTo("0");
      assertThat(first.sysctl("net.ipv4.vs.conntrack")).isEqualTo("1");
      assertThat(first.sysctl("net.ipv4.conf.eth0.send_redirects")).isEqualTo("1");
    } finally {
      first.sysctl("net.ipv4.vs.run_estimation", 1);
      first.sysctl("net.ipv4.vs.conntrack", 0);
      first.sysctl("net.ipv4.vs.ignore_tunneled", 0);
      first.sysctl("net.ipv4.ip_forward", 0);
      first.sysctl("net.ipv4.conf.eth0.send_redirects", 0);
      second.sysctl("net.ipv4.vs.expire_quiescent_template", 0);
    }
  }
}
