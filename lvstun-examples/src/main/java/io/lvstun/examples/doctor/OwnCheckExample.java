// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Severity;
import java.util.List;

/** Adds a rule of the house to what the doctor checks. */
public final class OwnCheckExample {

  private OwnCheckExample() {}

  /** A check that real servers have jumbo frames on all cards. */
  public static Check jumboFrames() {
    // tag::check[]
    Check jumboFrames =
        Check.of("OWN-001", "jumbo-frames")
            .title("Cards of real servers take jumbo frames")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .why("Our switches carry 9000 bytes, and large packets cost less.")
            .remedy("Set the MTU of the card to 9000.")
            .examine(
                subject -> {
                  List<String> small =
                      subject.facts().links().get().stream()
                          .filter(link -> link.name().startsWith("eth") && link.mtu() < 9000)
                          .map(link -> link.name() + " has MTU " + link.mtu())
                          .toList();
                  return small.isEmpty()
                      ? subject.pass("all cards have 9000 or more").finding()
                      : subject.wrong(String.join(", ", small)).expected("MTU 9000").finding();
                });
    // end::check[]
    return jumboFrames;
  }

  /**
   * Begins an examination that has the check besides the catalogue.
   *
   * @param topology the cluster
   * @param own the check
   * @return the examination
   */
  public static Examination examination(Topology topology, Check own) {
    // tag::examination[]
    Examination examination = Doctor.examine(topology).check(own);
    // end::examination[]
    return examination;
  }
}
