// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Director and real servers on one wire, where ARP decides who gets a client's packets. */
class ArpFaultsLabIT {

  private Patient patient;

  @BeforeEach
  void start() {
    patient = Patient.flat();
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
    return Faults.flat();
  }
}
