// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Director and real servers on one wire, where ARP decides who gets a client's packets. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ArpFaultLabIT {

  private static Patient patient;

  @BeforeAll
  static void start() {
    Topology cluster = Topology.flat(2).prepare(Preparation.tunnel()).start();
    patient = new Patient(cluster);
    // What real servers announce fits into the tunnels.
    cluster
        .realServers()
        .forEach(
            server ->
                server.run(
                    "nft",
                    "add table ip mss; add chain ip mss out { type filter hook output priority"
                        + " mangle; }; add rule ip mss out tcp flags syn tcp option maxseg size set"
                        + " 1400"));
  }

  @AfterAll
  static void end() {
    patient.close();
  }

  @Test
  @Order(1)
  void findsNothingWrongWithAHealthyCluster() {
    patient.apply(Service.IPIP);
    assertThat(patient.flows(Traffic.REQUESTS)).isTrue();
    assertThat(Patient.wrong(patient.examination().run())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faults")
  @Order(2)
  void namesTheFault(Fault fault) {
    patient.inject(fault);
  }

  static Stream<Fault> faults() {
    return Faults.flat().stream();
  }
}
