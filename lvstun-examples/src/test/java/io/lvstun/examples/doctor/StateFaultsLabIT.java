// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static io.lvstun.examples.doctor.DirectorPair.OTHERS;
import static io.lvstun.examples.doctor.DirectorPair.causes;
import static io.lvstun.examples.doctor.DirectorPair.desired;
import static io.lvstun.examples.doctor.DirectorPair.everything;
import static io.lvstun.examples.doctor.DirectorPair.of;
import static io.lvstun.examples.doctor.DirectorPair.onlyCauses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvstun.VirtualService;
import io.lvstun.examples.doctor.DoctorRun.Found;
import io.lvstun.examples.lab.LabException;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.LongConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
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

  private static final String NOTHING_ELSE = "";

  private static final String BROKEN_ALONE = "realServers: [{name: rs1, host: \"netns:rs1\"}]\n";

  private DirectorPair pair;
  private String vip;
  private LabHost first;
  private LabHost second;

  @BeforeEach
  void start() {
    pair = new DirectorPair();
    vip = pair.cluster().vip();
    first = pair.first();
    second = pair.second();
  }

  @AfterEach
  void end() {
    pair.close();
  }

  @BeforeEach
  void refresh() {
    pair.refresh();
  }

  private String address(int server) {
    return pair.cluster().realServer(server).address();
  }

  private void served() {
    assertThat(pair.serves()).as("clients are served").isTrue();
  }

  private void refused() {
    assertThat(pair.failuresOf(1)).as("requests that fail").isOne();
  }

  private static String table(LabHost director) {
    return director.run("ipvsadm", "-Sn");
  }

  // ---- the healthy cluster ----

  @Test
  void healthyClusterHasNothingWrong() {
    served();
    List<Found> found = pair.check(OTHERS + desired(first));
    assertThat(everything(found)).isEmpty();
    assertThat(of(found, "IPV-002", "director").status()).isEqualTo("PASS");
    assertThat(of(found, "HA-002", "director2").status()).isEqualTo("PASS");
    assertThat(of(found, "HA-003", "director").notable()).isTrue();
    // All settings of this kernel are known, and directors need not forward.
    assertThat(of(found, "IPV-018", "director").notable()).isFalse();
    assertThat(of(found, "SYS-004", "director").notable()).isFalse();
    // The director answers for the address, whatever the real servers do.
    assertThat(of(found, "IPV-012", "client").notable()).isTrue();
    assertThat(pair.cluster().client().exec("ping", "-c", "1", "-W", "2", vip).exitCode()).isZero();
  }

  // ---- the table ----

  @Test
  void addressMissingOnBothIsGivenToOne() {
    first.run("ip", "address", "delete", vip + "/32", "dev", "eth0");
    try {
      refused();
      List<Found> found = pair.check(OTHERS);
      assertThat(causes(found))
          .as(everything(found))
          .startsWith("FAIL IPV-001 director", "FAIL IPV-001 director2");
      assertThat(found)
          .filteredOn(one -> one.status().equals("FAIL"))
          .extracting(Found::code)
          .containsOnly("IPV-001");
      pair.repairAndUndo("services: [\"tcp:" + vip + ":80\"]\n", this::served, this::refused);
    } finally {
      first.run("ip", "address", "replace", vip + "/32", "dev", "eth0");
    }
  }

  @Test
  void serverRemovedByHandIsDrift() {
    String desired = desired(first);
    pair.onBoth("ipvsadm", "-d", "-t", vip + ":80", "-r", address(2));
    assertThat(pair.serves()).as("both serve").isFalse();
    List<Found> found = pair.check(desired);
    onlyCauses(found, "FAIL IPV-002 director", "FAIL IPV-002 director2");
    assertThat(of(found, "IPV-002", "director").steps().get(0))
        .contains("ipvsadm -a -t 192.168.1.200:80 -r 192.168.3.102:80 -i");
    pair.repairAndUndo(
        desired,
        () -> {
          served();
          assertThat(table(second)).contains("-r " + address(2));
        },
        () -> assertThat(pair.serves()).as("both serve").isFalse());
  }

  @Test
  void editWithoutMethodTurnsTheTunnelOff() {
    pair.onBoth("ipvsadm", "-e", "-t", vip + ":80", "-r", address(1));
    assertThat(pair.failuresOf(2)).isPositive();
    onlyCauses(pair.check(NOTHING_ELSE), "FAIL IPV-003 director", "FAIL IPV-003 director2");
    pair.repairAndUndo(
        NOTHING_ELSE, this::served, () -> assertThat(pair.failuresOf(2)).isPositive());
  }

  @Test
  void allWeightsZeroRefusesClients() {
    for (int server = 1; server <= 2; server++) {
      pair.onBoth("ipvsadm", "-e", "-t", vip + ":80", "-r", address(server), "-i", "-w", "0");
    }
    refused();
    onlyCauses(pair.check(NOTHING_ELSE), "FAIL IPV-004 director", "FAIL IPV-004 director2");
    // It is not for a program to end what may be a maintenance, unless it is told to.
    pair.repairAndUndo(NOTHING_ELSE, this::served, this::refused, "--disruptive");
  }

  // ---- connections ----

  /** Without a reset a client does not learn that it has to connect anew. */
  @Test
  void connectionsOfARemovedServerHang() {
    first.sysctl("net.ipv4.vs.expire_nodest_conn", 0);
    List<LongConnection> connections = new ArrayList<>();
    try {
      // In turn: each other one leads to the same server.
      for (int i = 0; i < 5; i++) {
        connections.add(pair.cluster().client().connect(vip, 80));
      }
      LongConnection before = connections.get(0);
      LongConnection repaired = connections.get(2);
      LongConnection after = connections.get(4);
      LabHost server = pair.cluster().host(before.server());
      assertThat(List.of(repaired.server(), after.server())).containsOnly(server.name());
      pair.onBoth("ipvsadm", "-d", "-t", vip + ":80", "-r", server.address());
      hangs(before);
      List<Found> found = pair.check(NOTHING_ELSE);
      onlyCauses(found, "WARN IPV-005 director");
      assertThat(of(found, "IPV-005", "director").observed()).contains(server.address());
      pair.repairAndUndo(
          NOTHING_ELSE,
          () -> {
            assertThatThrownBy(repaired::server).isInstanceOf(LabException.class);
            await("reset").atMost(Duration.ofSeconds(30)).until(() -> !repaired.isOpen());
            assertThat(pair.answers()).as("those that connect anew are served").isTrue();
          },
          () -> hangs(after));
    } finally {
      connections.forEach(LongConnection::close);
    }
  }

  private static void hangs(LongConnection connection) {
    assertThatThrownBy(() -> connection.server(Duration.ofSeconds(1)))
        .isInstanceOf(LabException.class);
    assertThat(connection.isOpen()).as("the client waits").isTrue();
  }

  /** What to do is for people to decide: the doctor does not know why clients are to stay. */
  @Test
  void persistenceSpreadsConnectionsUnevenly() throws Exception {
    VirtualService persistent = pair.web().persistence(Duration.ofSeconds(300));
    pair.replace(persistent);
    second.sysctl("net.ipv4.vs.expire_quiescent_template", 1);
    first.sysctl("net.ipv4.vs.expire_quiescent_template", 1);
    try {
      CompletableFuture<List<Found>> examined =
          CompletableFuture.supplyAsync(() -> pair.sampled(NOTHING_ELSE, Duration.ofSeconds(12)));
      while (!examined.isDone()) {
        assertThat(pair.cluster().client().get(pair.cluster().vipUrl(), 50).failures()).isEmpty();
      }
      List<Found> found = examined.get();
      onlyCauses(found, "WARN IPV-007 director");
      Found uneven = of(found, "IPV-007", "director");
      assertThat(uneven.observed()).contains("gets 100 % of the connections, its weight says 50 %");
      assertThat(uneven.advice()).isTrue();
      assertThat(uneven.remedy()).contains("persistent", "shorten its time-out");
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
      List<Found> found = pair.check(OTHERS);
      assertThat(causes(found).get(0))
          .as(everything(found))
          .startsWith("FAIL RPF-00")
          .endsWith("rs1");
      Found halfOpen = of(found, "IPV-006", "director");
      assertThat(halfOpen.status()).isEqualTo("FAIL");
      assertThat(halfOpen.rootCause()).isFalse();
      assertThat(halfOpen.observed()).contains("rs1");
      assertThat(halfOpen.causedBy()).contains("RPF-001");
      // It is the server that is repaired; of the symptom itself nothing can be.
      assertThat(halfOpen.advice()).isTrue();
      DoctorRun fix =
          pair.doctor(
              BROKEN_ALONE,
              "check",
              "--fix",
              "--yes",
              "--runtime-only",
              "--only",
              "RPF,IPV-006",
              "--no-probes",
              "--sample",
              "0s",
              "--deadline",
              "120s",
              "-o",
              "json");
      assertThat(fix.findings())
          .as(fix.err())
          .filteredOn(one -> one.code().startsWith("RPF"))
          .noneMatch(Found::wrong);
      served();
      DoctorRun undo = pair.doctor(BROKEN_ALONE, "undo");
      assertThat(undo.status()).as(undo.toString()).isZero();
      assertThat(pair.failuresOf(2)).isPositive();
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
      List<Found> found = pair.check(NOTHING_ELSE);
      onlyCauses(
          found,
          "WARN IPV-008 director",
          "WARN IPV-015 director",
          "WARN CT-002 director",
          "WARN SYS-005 director");
      assertThat(of(found, "SYS-004", "director").notable()).isTrue();
      assertThat(of(found, "IPV-014", "director").notable()).isTrue();
      pair.repairAndUndo(
          NOTHING_ELSE,
          () -> {
            assertThat(first.sysctl("net.ipv4.vs.run_estimation")).isEqualTo("1");
            assertThat(pair.answers()).as("clients are served").isTrue();
          },
          () -> {
            assertThat(first.sysctl("net.ipv4.vs.run_estimation")).isEqualTo("0");
            assertThat(first.sysctl("net.ipv4.vs.conntrack")).isEqualTo("1");
            assertThat(first.sysctl("net.ipv4.conf.eth0.send_redirects")).isEqualTo("1");
          });
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
