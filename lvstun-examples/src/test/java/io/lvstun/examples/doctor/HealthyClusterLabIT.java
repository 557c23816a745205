// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.doctor.DoctorRun.Found;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster that works: nothing is broken, and no warning is untrue, however often one looks. */
class HealthyClusterLabIT {

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
  @EnumSource(Service.class)
  void isFoundHealthy(Service wanted) {
    isFoundHealthy(wanted, 1);
  }

  @Tag("deep")
  @ParameterizedTest
  @EnumSource(Service.class)
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void isFoundHealthyAgainAndAgain(Service wanted) {
    isFoundHealthy(wanted, 20);
  }

  private void isFoundHealthy(Service wanted, int runs) {
    patient.apply(wanted);
    for (int run = 1; run <= runs; run++) {
      assertThat(patient.flows(wanted.ipv6() ? Traffic.REQUESTS6 : Traffic.REQUESTS)).isTrue();
      assertThat(Patient.untrue(patient.check(patient.everybody(), "--sample", "1s")))
          .as("run %d", run)
          .isEmpty();
    }
  }

  /** A probe from the director lies, and so does one from a real server: both are said. */
  @Test
  void probesNeedAHostThatIsNeither() {
    patient.apply(Service.IPIP);
    DoctorRun run =
        DoctorRun.of(
            List.of(
                "check",
                "-d",
                "director=netns:director",
                "-r",
                "rs1=netns:rs1",
                "--only",
                "RPF-006,RPF-007",
                "--sample",
                "0s",
                "-o",
                "json"));
    assertThat(run.status()).isZero();
    assertThat(run.findings())
        .filteredOn(Found::notable)
        .extracting(found -> found.code() + " " + found.host())
        .containsExactlyInAnyOrder("RPF-006 director", "RPF-007 rs1");
    assertThat(
            patient
                .cluster()
                .director()
                .get(patient.cluster().vipUrl(), 1, Traffic.SHORT)
                .failures())
        .as("from the director")
        .hasSize(1);
    assertThat(patient.cluster().realServer(1).get(patient.cluster().vipUrl()).server())
        .as("from a real server, without the director")
        .isEqualTo("rs1");
  }
}
