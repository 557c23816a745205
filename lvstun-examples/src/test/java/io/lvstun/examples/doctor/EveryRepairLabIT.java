// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Repairs and undoes each fault whose kind of remedy an ordinary build tries on another fault: with
 * those of the ordinary build, every fault is repaired.
 */
@Tag("deep")
class EveryRepairLabIT {

  @ParameterizedTest
  @MethodSource
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void routedFaultIsRepairedAndBroughtBack(Fault fault) {
    try (Patient patient = Patient.routed()) {
      patient.sufferAndRepair(fault);
    }
  }

  static List<Fault> routedFaultIsRepairedAndBroughtBack() {
    return Stream.of(Faults.tunnels(), Faults.filters(), Faults.sizes(), Faults.twoAtOnce())
        .flatMap(List::stream)
        .filter(Fault::isLikeAnother)
        .toList();
  }

  @ParameterizedTest
  @MethodSource
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void faultOnOneWireIsRepairedAndBroughtBack(Fault fault) {
    try (Patient patient = Patient.flat()) {
      patient.sufferAndRepair(fault);
    }
  }

  static List<Fault> faultOnOneWireIsRepairedAndBroughtBack() {
    return Faults.flat().stream().filter(Fault::isLikeAnother).toList();
  }
}
