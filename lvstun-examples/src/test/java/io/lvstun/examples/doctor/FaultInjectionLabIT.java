// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tunnel devices, their module and the virtual address, broken one at a time: the doctor names it
 * first, repairs it, and brings it back.
 */
class FaultInjectionLabIT {

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
    return Faults.tunnels();
  }
}
