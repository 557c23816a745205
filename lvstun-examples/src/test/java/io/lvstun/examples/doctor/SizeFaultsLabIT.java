// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets that do not fit into the tunnels, and two things broken at once. */
class SizeFaultsLabIT {

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

  static List<Fault> faults() {
    return Stream.of(Faults.sizes(), Faults.twoAtOnce()).flatMap(List::stream).toList();
  }
}
