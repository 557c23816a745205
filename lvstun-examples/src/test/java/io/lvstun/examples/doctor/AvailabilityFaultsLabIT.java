// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static io.lvstun.examples.doctor.DirectorPair.OTHERS;
import static io.lvstun.examples.doctor.DirectorPair.causes;
import static io.lvstun.examples.doctor.DirectorPair.everything;
import static io.lvstun.examples.doctor.DirectorPair.of;
import static io.lvstun.examples.doctor.DirectorPair.onlyCauses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.doctor.DoctorRun.Found;
import io.lvstun.examples.lab.LabException;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.LongConnection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One thing wrong at a time with what two directors have to agree on, or with how packets get their
 * marks: what the doctor says of it, what its repair does, and that it can be taken back.
 */
class AvailabilityFaultsLabIT {

  private static final String NOTHING_ELSE = "";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

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

  // ---- two directors ----

  @Test
  void addressOnBothDirectors() {
    second.run("ip", "address", "add", vip + "/32", "dev", "eth0");
    try {
      List<Found> found = pair.check(OTHERS);
      assertThat(causes(found)).as(everything(found)).startsWith("FAIL HA-001 director2");
      assertThat(found)
          .filteredOn(one -> one.status().equals("FAIL"))
          .extracting(Found::code)
          .containsOnly("HA-001");
      pair.repairAndUndo(
          NOTHING_ELSE,
          () -> {
            assertThat(second.run("ip", "address")).doesNotContain(vip);
            assertThat(pair.serves()).isTrue();
          },
          () -> assertThat(second.run("ip", "address")).contains(vip + "/32"));
    } finally {
      second.exec("ip", "address", "delete", vip + "/32", "dev", "eth0");
    }
  }

  /** The standby director learns of connections only where both daemons have the same id. */
  @Test
  void syncDaemonsThatDoNotMatch() {
    pair.stopDaemons();
    pair.startDaemons(DirectorPair.SYNC_ID + 1);
    try {
      request(45_001);
      List<Found> found = pair.check(NOTHING_ELSE);
      onlyCauses(found, "FAIL HA-002 director2");
      assertThat(of(found, "HA-002", "director2").observed()).isEqualTo("sync id 8, there 7");
      pair.repairAndUndo(
          NOTHING_ELSE,
          () -> {
            request(45_002);
            await("the standby has the connection")
                .atMost(PATIENCE)
                .until(() -> connections(second).contains(":45002 "));
            assertThat(connections(second)).doesNotContain(":45001 ");
          },
          () -> assertThat(second.run("ipvsadm", "-ln", "--daemon")).contains("syncid=8"));
    } finally {
      pair.stopDaemons();
      pair.startDaemons(DirectorPair.SYNC_ID);
    }
  }

  private void request(int sourcePort) {
    String port = Integer.toString(sourcePort);
    pair.cluster()
        .client()
        .run("curl", "-s", "-m", "30", "--local-port", port, pair.cluster().vipUrl());
  }

  private static String connections(LabHost director) {
    return director.run("ipvsadm", "-Lnc");
  }

  /** A router moves a connection from one director to the other, which has not seen its SYN. */
  @Test
  void equalCostPathsWithoutStateNeedSloppyTcp() {
    String ecmp = "highAvailability: ecmp\n";
    second.run("ip", "address", "add", vip + "/32", "dev", "lo");
    pair.stopDaemons();
    second.sysctl("net.ipv4.vs.sloppy_tcp", 1);
    // Whichever director chooses, it is the same server.
    pair.replace(pair.web().scheduler(Scheduler.MH));
    try {
      assertThat(survivesTheMove()).isFalse();
      onlyCauses(pair.check(ecmp), "WARN IPV-016 director");
      pair.repairAndUndo(
          ecmp,
          () -> assertThat(survivesTheMove()).isTrue(),
          () -> assertThat(survivesTheMove()).isFalse());
    } finally {
      router("delete", vip);
      first.sysctl("net.ipv4.vs.sloppy_tcp", 0);
      second.sysctl("net.ipv4.vs.sloppy_tcp", 0);
      pair.startDaemons(DirectorPair.SYNC_ID);
      second.run("ip", "address", "delete", vip + "/32", "dev", "lo");
    }
  }

  /** Whether a connection through the second director goes on through the first. */
  private boolean survivesTheMove() {
    router("replace", vip, "via", second.address());
    try (LongConnection connection = pair.cluster().client().connect(vip, 80)) {
      assertThat(connection.server()).startsWith("rs");
      router("replace", vip, "via", first.address());
      try {
        return connection.server().startsWith("rs");
      } catch (LabException e) {
        assertThat(connection.isOpen()).as("it hangs: %s", e.getMessage()).isFalse();
        return false;
      }
    }
  }

  private void router(String... route) {
    String[] command = new String[route.length + 6];
    System.arraycopy(
        new String[] {"ip", "netns", "exec", "router", "ip", "route"}, 0, command, 0, 6);
    System.arraycopy(route, 0, command, 6, route.length);
    pair.cluster().client().run(command);
  }

  // ---- marks ----

  /** By what else the packets could be marked, people must say: that is an advice. */
  @Test
  void marksByContentNeverReachTheService() {
    pair.replace(
        VirtualService.fwmark(7)
            .scheduler(Scheduler.RR)
            .addRealServers(
                pair.web().realServers().stream().map(server -> server.port(0)).toList()));
    try {
      mark("-m", "string", "--string", "GET", "--algo", "bm");
      assertThat(pair.failuresOf(1)).isOne();
      List<Found> found = pair.check("services: [\"" + vip + "\"]\n");
      assertThat(causes(found))
          .as(everything(found))
          .startsWith("FAIL FWM-001 director", "FAIL FWM-001 director2");
      assertThat(found)
          .filteredOn(one -> one.status().equals("FAIL"))
          .extracting(Found::code)
          .containsOnly("FWM-001");
      Found wrong = of(found, "FWM-001", "director");
      assertThat(wrong.advice()).isTrue();
      assertThat(wrong.remedy()).startsWith("Mark by what a SYN has");
      // Who follows it has clients served.
      pair.onBoth("iptables", "-t", "mangle", "-F", "PREROUTING");
      mark("-d", vip, "--dport", "80");
      assertThat(pair.serves()).isTrue();
    } finally {
      pair.onBoth("iptables", "-t", "mangle", "-F", "PREROUTING");
    }
  }

  private void mark(String... match) {
    pair.onBoth(
        "sh",
        "-c",
        "iptables -t mangle -A PREROUTING -p tcp "
            + String.join(" ", match)
            + " -j MARK --set-mark 7");
  }

  /** Which of two tables is the right one, and what loads the map, no host tells. */
  @Test
  void tablesAndGenerationsThatDiffer() {
    pair.applyOnSecond(
        pair.web().realServer(pair.cluster().realServer(1).address(), server -> server.weight(9)));
    second.run("nft", "add table ip geo { comment \"generation 41\" ; }");
    first.run("nft", "add table ip geo { comment \"generation 42\" ; }");
    try {
      List<Found> found =
          pair.check("steering: {tables: [{nft: \"ip geo\", generation: \"42\"}]}\n");
      onlyCauses(found, "WARN GEO-004 director2", "WARN HA-005 director2");
      Found older = of(found, "GEO-004", "director2");
      assertThat(older.advice()).isTrue();
      assertThat(older.remedy()).isEqualTo("Load the table again on this director.");
      Found different = of(found, "HA-005", "director2");
      assertThat(different.advice()).isTrue();
      assertThat(different.remedy()).isEqualTo("Apply the same desired services to all directors.");
    } finally {
      pair.onBoth("nft", "delete", "table", "ip", "geo");
    }
  }
}
