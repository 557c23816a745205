// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.machine.Identity;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import java.util.List;
import java.util.Optional;

/**
 * HST: whether the hosts can be examined at all.
 *
 * @since 0.1.0
 */
public final class HostChecks {

  /** Every other check depends on it. */
  private HostChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.HOST_ANSWERS, "host-answers")
            .title("The host answers")
            .on(Role.DIRECTOR, Role.REAL_SERVER, Role.VANTAGE)
            .symptom("Nothing is known of the host")
            .why(
                "A host that does not answer cannot be examined; if it is down, the clients that"
                    + " the director sends to it wait in vain.")
            .remedy(
                "See whether the host is up and can be logged in to without a password, with a"
                    + " known host key.")
            .examine(HostChecks::answers),
        Check.of("HST-002", "host-facts-complete")
            .title("All facts can be read")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR, Role.REAL_SERVER, Role.VANTAGE)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Checks end with ERROR")
            .why(
                "Packet filters, the IPVS table and kernel logs are shown to root only; what is not"
                    + " seen is not judged.")
            .remedy("Examine the host as root.")
            .examine(HostChecks::complete));
  }

  private static Finding answers(Subject subject) {
    HostFacts facts = subject.facts();
    Optional<String> failure = facts.failure();
    if (failure.isPresent()) {
      return subject
          .fail(failure.get())
          .expected("facts within the deadline")
          .evidence(facts.host(), failure.get())
          .remedy(
              Remedy.manual(
                  "See whether the host is up; then try the same log-in by hand, which must not ask"
                      + " anything."))
          .finding();
    }
    return subject.pass("answered within " + facts.took().toMillis() + " ms").finding();
  }

  private static Finding complete(Subject subject) {
    HostFacts facts = subject.facts();
    Identity identity = facts.identity().get();
    List<Section> missing =
        facts.sections().stream()
            .filter(section -> section.state() == Section.State.UNREADABLE)
            .toList();
    Optional<Section> end =
        missing.stream().filter(section -> section.name().equals("end")).findFirst();
    if (identity.uid() == 0 && end.isEmpty()) {
      return subject.pass("examined as root").finding();
    }
    Subject.Draft draft =
        subject
            .warn(
                end.isPresent()
                    ? "collecting stopped early: " + end.get().problem()
                    : "examined as user " + identity.uid() + ", not as root")
            .expected("examined as root, to the end")
            .remedy(
                Remedy.manual(
                    end.isPresent()
                        ? "Give it more time, or find out what holds up the command that is named."
                        : "Examine the host as root: ssh://root@host."));
    for (Section section : missing) {
      draft.evidence(section.name(), section.problem());
    }
    return draft.finding();
  }
}
