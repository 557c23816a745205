// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One thing broken at a time: the doctor's remedy lets clients through again, and taking it back
 * brings the fault back.
 */
class FaultRepairLabIT {

  private static Patient patient;

  @BeforeAll
  static void start() {
    Topology cluster = Topology.tutorial().prepare(Preparation.tunnel().gue()).start();
    patient = new Patient(cluster);
    cluster.realServer(1).run("sh", "-c", Faults.CLAMP.formatted(2));
    cluster.realServer(2).run("sh", "-c", Faults.CLAMP.formatted(3));
  }

  @AfterAll
  static void end() {
    patient.close();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void remedyHelpsAndCanBeTakenBack(Fault fault) {
    patient.repair(fault);
  }

  static Stream<Fault> faults() {
    return Faults.repaired().stream();
  }
}
