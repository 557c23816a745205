// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static io.lvstun.examples.doctor.DirectorPair.causes;
import static io.lvstun.examples.doctor.DirectorPair.everything;
import static io.lvstun.examples.doctor.DirectorPair.of;
import static io.lvstun.examples.doctor.DirectorPair.onlyCauses;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.diagnostics.Geography;
import io.lvstun.diagnostics.HighAvailability;
import io.lvstun.diagnostics.Report;
import io.lvstun.diagnostics.Risk;
import io.lvstun.diagnostics.Status;
import io.lvstun.diagnostics.Topology;
import io.lvstun.examples.lab.LabHost;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One thing wrong at a time with what two directors have to agree on, or with how packets get their
 * marks: what the doctor says of it, what its repair does, and that it can be taken back.
 */
class AvailabilityFaultsLabIT {

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

  private static Report examineDirectors(UnaryOperator<Topology.Builder> statements) {
    return pair.examinationOfDirectors(statements).run();
  }

  // ---- two directors ----

  @Test
  void addressOnBothDirectors() {
    second.run("ip", "address", "add", vip + "/32", "dev", "eth0");
    try {
      Report report = pair.examine();
      assertThat(report.findings(Status.FAIL))
          .as(everything(report))
          .extracting(finding -> finding.code() + " " + finding.host())
          .startsWith("HA-001 director2");
      assertThat(causes(report)).as(everything(report)).startsWith("FAIL HA-001 director2");
      pair.repairAndUndo(
          topology -> topology,
          report,
          () -> assertThat(second.run("ip", "address")).doesNotContain(vip),
          Risk.ADDRESS);
      assertThat(second.run("ip", "address")).contains(vip + "/32");
    } finally {
      second.exec("ip", "address", "delete", vip + "/32", "dev", "eth0");
    }
  }

  @Test
  void syncDaemonsThatDoNotMatch() {
    pair.stopDaemons();
    pair.startDaemons(DirectorPair.SYNC_ID + 1);
    try {
      Report report = examineDirectors(topology -> topology);
      onlyCauses(report, "FAIL HA-002 director2");
      assertThat(of(report, "HA-002", "director2").observed()).isEqualTo("sync id 8, there 7");
      pair.repairAndUndo(
          topology -> topology,
          report,
          () -> assertThat(second.run("ipvsadm", "-ln", "--daemon")).contains("syncid=7"));
      assertThat(second.run("ipvsadm", "-ln", "--daemon")).contains("syncid=8");
    } finally {
      pair.stopDaemons();
      pair.startDaemons(DirectorPair.SYNC_ID);
    }
  }

  @Test
  void equalCostPathsWithoutStateNeedSloppyTcp() {
    UnaryOperator<Topology.Builder> ecmp =
        topology -> topology.highAvailability(HighAvailability.ECMP);
    second.run("ip", "address", "add", vip + "/32", "dev", "lo");
    pair.stopDaemons();
    second.sysctl("net.ipv4.vs.sloppy_tcp", 1);
    try {
      Report report = examineDirectors(ecmp);
      onlyCauses(report, "WARN IPV-016 director");
      pair.repairAndUndo(
          ecmp, report, () -> assertThat(first.sysctl("net.ipv4.vs.sloppy_tcp")).isEqualTo("1"));
      assertThat(first.sysctl("net.ipv4.vs.sloppy_tcp")).isEqualTo("0");
    } finally {
      first.sysctl("net.ipv4.vs.sloppy_tcp", 0);
      second.sysctl("net.ipv4.vs.sloppy_tcp", 0);
      pair.startDaemons(DirectorPair.SYNC_ID);
      second.run("ip", "address", "delete", vip + "/32", "dev", "lo");
    }
  }

  // ---- marks ----

  @Test
  void marksByContentNeverReachTheService() {
    pair.replace(
        VirtualService.fwmark(7)
            .scheduler(Scheduler.RR)
            .addRealServers(
                pair.web().realServers().stream().map(server -> server.port(0)).toList()));
    try {
      pair.onBoth(
          "sh",
          "-c",
          "iptables -t mangle -A PREROUTING -p tcp -m string --string GET --algo bm"
              + " -j MARK --set-mark 7");
      assertThat(pair.failuresOf(1)).isOne();
      Report report = examineDirectors(topology -> topology.service(vip));
      assertThat(report.findings(Status.FAIL))
          .as(everything(report))
          .extracting(finding -> finding.code() + " " + finding.host())
          .containsExactly("FWM-001 director", "FWM-001 director2");
    } finally {
      pair.onBoth("iptables", "-t", "mangle", "-F", "PREROUTING");
    }
  }

  @Test
  void tablesAndGenerationsThatDiffer() {
    pair.applyOnSecond(
        pair.web().realServer(pair.cluster().realServer(1).address(), server -> server.weight(9)));
    second.run("nft", "add table ip geo { comment \"generation 41\" ; }");
    first.run("nft", "add table ip geo { comment \"generation 42\" ; }");
    try {
      Geography geography =
          new Geography(
              List.of(),
              List.of(
                  new Geography.Table(
                      Geography.Backend.NFT,
                      "ip geo",
                      OptionalLong.empty(),
                      Optional.of("42"),
                      OptionalInt.empty(),
                      "")),
              List.of());
      onlyCauses(
          examineDirectors(topology -> topology.geography(geography)),
          "WARN GEO-004 director2",
          "WARN HA-005 director2");
    } finally {
      pair.onBoth("nft", "delete", "table", "ip", "geo");
    }
  }
}
