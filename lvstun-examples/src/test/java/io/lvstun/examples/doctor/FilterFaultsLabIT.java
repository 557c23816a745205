// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvstun.examples.doctor.DoctorRun.Found;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reverse path filters and packet filters, broken one at a time: the doctor names it first, repairs
 * it, and brings it back.
 */
class FilterFaultsLabIT {

  private Patient patient;

  @BeforeEach
  void start() {
    patient = Patient.routed();
  }

  @AfterEach
  void end() {
    patient.close();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isNamedRepairedAndBroughtBack(Fault fault) {
    patient.suffer(fault);
  }

  /**
   * Health checks speak as the virtual address then, get no answer either, and take all servers out
   * of the table: the cause must be found without it.
   */
  @Test
  void virtualSourceIsNamedThoughHealthChecksEmptiedTheTable() {
    Fault fault = Faults.virtualSource();
    patient.clear();
    try (Keepalived keepalived = new Keepalived(patient.cluster(), Service.IPIP)) {
      awaitServers(keepalived, 2);
      assertThat(patient.flows(Traffic.REQUESTS)).isTrue();
      patient.run(fault.inject());
      awaitServers(keepalived, 0);
      List<Found> found =
          patient.check(List.of("director", "rs1", "rs2"), "--no-probes", "--sample", "0s");
      Found first = found.get(0);
      assertThat(first.code() + " " + first.host()).as("%s", first).isEqualTo("RPF-005 director");
      assertThat(first.rootCause()).isTrue();
      assertThat(found)
          .filteredOn(one -> one.rootCause() && !Patient.TRUE_WARNINGS.containsKey(one.code()))
          .containsExactly(first);
      DoctorRun fix = patient.fix(List.of("director", "rs1", "rs2"));
      awaitServers(keepalived, 2);
      assertThat(patient.flows(Traffic.REQUESTS)).as(fix.err()).isTrue();
      DoctorRun undo = patient.doctor(List.of("director", "rs1", "rs2"), "undo");
      assertThat(undo.status()).as(undo.toString()).isZero();
      awaitServers(keepalived, 0);
    } finally {
      patient.run(fault.undo());
      patient.clear();
    }
  }

  private static void awaitServers(Keepalived keepalived, int servers) {
    await(servers + " servers in the table")
        .atMost(Duration.ofSeconds(60))
        .until(() -> keepalived.servers() == servers);
  }

  static List<Fault> faults() {
    return Faults.filters();
  }
}
