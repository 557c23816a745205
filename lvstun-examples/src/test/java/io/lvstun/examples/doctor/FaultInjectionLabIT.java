// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A healthy cluster, one thing broken at a time, and what the doctor says: the right code on the
 * right host as the first root cause, and nothing else.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultInjectionLabIT {

  private static Patient patient;

  @BeforeAll
  static void start() {
    Topology cluster = Topology.tutorial().prepare(Preparation.tunnel().gue()).start();
    patient = new Patient(cluster);
    // As the tutorial's tuning has it: what real servers announce fits into every tunnel.
    cluster.realServer(1).run("sh", "-c", Faults.CLAMP.formatted(2));
    cluster.realServer(2).run("sh", "-c", Faults.CLAMP.formatted(3));
  }

  @AfterAll
  static void end() {
    patient.close();
  }

  @ParameterizedTest
  @EnumSource(Service.class)
  @Order(1)
  void findsNothingWrongWithAHealthyCluster(Service wanted) {
    patient.apply(wanted);
    assertThat(patient.flows(wanted.ipv6() ? Traffic.REQUESTS6 : Traffic.REQUESTS)).isTrue();
    assertThat(Patient.wrong(patient.examination().run())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faults")
  @Order(2)
  void namesTheFault(Fault fault) {
    patient.inject(fault);
  }

  static Stream<Fault> faults() {
    return Stream.of(
            Faults.routed(),
            Faults.otherTunnels(),
            Faults.twoAtOnce(),
            List.of(Faults.moduleMissing()))
        .flatMap(List::stream);
  }

  @Test
  @Order(4)
  void findsNothingWrongAfterAllWasUndone() {
    patient.apply(Service.IPIP);
    for (int round = 0; round < 2; round++) {
      assertThat(Patient.wrong(patient.examination().run())).isEmpty();
    }
  }
}
