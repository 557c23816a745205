// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import io.lvstun.diagnostics.Check;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Remedy;
import io.lvstun.diagnostics.Role;
import io.lvstun.diagnostics.Subject;
import io.lvstun.diagnostics.host.Modules;
import java.util.List;
import java.util.Optional;

/** KRN: kernel and modules. */
final class KernelChecks {

  static final String IPIP = "KRN-003";

  private KernelChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(IPIP, "ipip-module")
            .title("The kernel can take IPv4 out of IPv4")
            .on(Role.REAL_SERVER)
            .dependsOn(HostChecks.ANSWERS)
            .symptom("Clients get \"connection refused\" at once, not a time-out")
            .why(
                "Without the module ipip nothing on the real server takes protocol 4. It answers"
                    + " each packet with an ICMP unreachable, which the director passes on to the"
                    + " client.")
            .remedy("Load the module, now and at each boot.")
            .source("RFC 2003; measured: the client's connect fails with ECONNREFUSED")
            .examine(KernelChecks::ipip));
  }

  private static Finding ipip(Subject subject) {
    Optional<String> skip = Applies.notIpip(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Modules modules = subject.facts().modules().get();
    Modules.State state = modules.state("ipip");
    // A device of the kind is proof as well, where neither list can be read.
    boolean device =
        subject.facts().links().known().stream()
            .flatMap(List::stream)
            .anyMatch(link -> link.kind().equals("ipip"));
    if (modules.present("ipip") || device) {
      return subject
          .pass(
              state == Modules.State.BUILT_IN ? "ipip is built into the kernel" : "ipip is loaded")
          .finding();
    }
    Subject.Draft draft =
        switch (state) {
          case LOADABLE ->
              subject
                  .fail("ipip is not loaded, but can be")
                  .remedy(Remedies.module("Load the module ipip, now and at each boot.", "ipip"));
          case ABSENT ->
              subject
                  .fail("ipip is not loaded, and the running kernel has no such module")
                  .remedy(
                      Remedy.manual(
                          "Install the kernel's package of further modules"
                              + " (linux-modules-extra, kernel-modules-extra) or another kernel."));
          default ->
              subject
                  .fail("ipip is not loaded; whether it could be is not known")
                  .remedy(Remedies.module("Load the module ipip, now and at each boot.", "ipip"));
        };
    subject
        .facts()
        .counters()
        .known()
        .ifPresent(
            counters ->
                counters
                    .growth("Icmp.OutDestUnreachs")
                    .ifPresent(
                        growth ->
                            draft.evidence(
                                "/proc/net/snmp",
                                "Icmp OutDestUnreachs +"
                                    + growth
                                    + " in "
                                    + counters.window().toMillis()
                                    + " ms")));
    return draft
        .expected("ipip loaded or built in")
        .evidence("/sys/module", "no /sys/module/ipip")
        .finding();
  }
}
