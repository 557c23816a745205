// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.section.UnknownFactException;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.diagnostics.model.Verdict;
import io.lvstun.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EngineTest {

  private static final Cluster CLUSTER =
      Clusters.of(
          Topology.builder()
              .director("d", Host.netns("d"))
              .realServer("a", Host.netns("a"))
              .realServer("b", Host.netns("b"))
              .build(),
          nothing(),
          nothing(),
          nothing());

  private static HostFacts nothing() {
    return HostFacts.of("netns:x", Instant.EPOCH, Duration.ZERO, 1, List.of());
  }

  private static Check.Draft draft(String code, Role... roles) {
    return Check.of(code, code.toLowerCase(java.util.Locale.ROOT))
        .title("title")
        .why("why")
        .remedy("remedy")
        .on(roles);
  }

  private static Check check(String code, Role role, Function<Subject, Finding> examination) {
    return draft(code, role).examine(examination);
  }

  private static Finding on(Report report, String code, String host) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code) && finding.host().equals(host))
        .findFirst()
        .orElseThrow();
  }

  private static Finding failsOnA(Subject subject) {
    return subject.member().name().equals("a")
        ? subject.fail("broken").finding()
        : subject.pass("fine").finding();
  }

  @Test
  void whatDependsOnAFailedCheckIsSkippedOnThatHostWithTheRoot() {
    Check first = check("TUN-101", Role.REAL_SERVER, EngineTest::failsOnA);
    Check second =
        draft("TUN-102", Role.REAL_SERVER)
            .dependsOn("TUN-101")
            .examine(subject -> subject.fail("never asked on a").finding());
    Check third =
        draft("TUN-103", Role.REAL_SERVER)
            .dependsOn("TUN-102")
            .examine(subject -> subject.pass("never asked").finding());
    // The order of the list does not matter.
    Report report = Engine.of(List.of(third, second, first)).examine(CLUSTER, check -> true);
    assertThat(on(report, "TUN-102", "a").status()).isEqualTo(Status.SKIP);
    assertThat(on(report, "TUN-102", "a").blockedBy()).containsExactly("TUN-101");
    assertThat(on(report, "TUN-102", "b").status()).isEqualTo(Status.FAIL);
    assertThat(on(report, "TUN-103", "a").blockedBy())
        .as("the root is named, not the check between")
        .containsExactly("TUN-101");
    assertThat(on(report, "TUN-103", "b").blockedBy()).containsExactly("TUN-102");
  }

  @Test
  void skippedAndDoubtfulChecksDoNotBlock() {
    Check skipped = check("TUN-101", Role.REAL_SERVER, subject -> subject.skip("not here"));
    Check unknown =
        check(
            "TUN-102",
            Role.REAL_SERVER,
            subject -> {
              throw new UnknownFactException("permission denied");
            });
    Check third =
        draft("TUN-103", Role.REAL_SERVER)
            .dependsOn("TUN-101", "TUN-102")
            .examine(subject -> subject.pass("fine").finding());
    Report report = Engine.of(List.of(skipped, unknown, third)).examine(CLUSTER, check -> true);
    assertThat(on(report, "TUN-102", "a").status()).isEqualTo(Status.ERROR);
    assertThat(on(report, "TUN-102", "a").observed()).isEqualTo("permission denied");
    assertThat(on(report, "TUN-103", "a").status()).isEqualTo(Status.PASS);
    assertThat(report.verdict()).isEqualTo(Verdict.ERROR);
  }

  @Test
  void checkThatBreaksIsAnErrorAndStopsNobody() {
    Check broken =
        check(
            "TUN-101",
            Role.REAL_SERVER,
            subject -> {
              throw new IllegalStateException("bug");
            });
    Check fine = check("TUN-102", Role.REAL_SERVER, subject -> subject.pass("fine").finding());
    Report report = Engine.of(List.of(broken, fine)).examine(CLUSTER, check -> true);
    assertThat(on(report, "TUN-101", "a").status()).isEqualTo(Status.ERROR);
    assertThat(on(report, "TUN-102", "a").status()).isEqualTo(Status.PASS);
  }

  @Test
  void rootCausesComeFirstAndSymptomsNameThem() {
    Check symptom =
        draft("IPV-106", Role.DIRECTOR)
            .symptomOf("TUN-101")
            .examine(subject -> subject.fail("half-open connections").finding());
    Check cause = check("TUN-101", Role.REAL_SERVER, EngineTest::failsOnA);
    Check warning =
        draft("KRN-105", Role.DIRECTOR)
            .severity(Severity.WARN)
            .examine(subject -> subject.wrong("not persistent").finding());
    Report report = Engine.of(List.of(symptom, warning, cause)).examine(CLUSTER, check -> true);
    assertThat(report.findings())
        .extracting(Finding::toString)
        .startsWith(
            "FAIL TUN-101 a: broken",
            "WARN KRN-105 d: not persistent",
            "FAIL IPV-106 d: half-open connections");
    assertThat(on(report, "IPV-106", "d").rootCause()).isFalse();
    assertThat(on(report, "IPV-106", "d").causedBy()).containsExactly("TUN-101");
    assertThat(report.rootCauses()).hasSize(2);
    assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void causeOnAnotherHostOfTheSameRoleExplainsNothing() {
    Check cause = check("TUN-101", Role.REAL_SERVER, EngineTest::failsOnA);
    Check symptom =
        draft("TUN-102", Role.REAL_SERVER)
            .symptomOf("TUN-101")
            .examine(subject -> subject.fail("nothing arrives").finding());
    Report report = Engine.of(List.of(cause, symptom)).examine(CLUSTER, check -> true);
    assertThat(on(report, "TUN-102", "a").rootCause()).isFalse();
    assertThat(on(report, "TUN-102", "b").rootCause()).isTrue();
  }

  @Test
  void checkOfTheClusterIsRunOnce() {
    Check check = check("HA-101", Role.CLUSTER, subject -> subject.pass("one for all").finding());
    Report report = Engine.of(List.of(check)).examine(CLUSTER, each -> true);
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).host()).isEqualTo("cluster");
  }

  @Test
  void filterKeepsWhatItNeedsAndReportsItWhenItFailed() {
    Check first = check("TUN-101", Role.REAL_SERVER, EngineTest::failsOnA);
    Check second =
        draft("TUN-102", Role.REAL_SERVER)
            .dependsOn("TUN-101")
            .examine(subject -> subject.pass("fine").finding());
    Check other =
        check("KRN-101", Role.REAL_SERVER, subject -> subject.fail("not asked for").finding());
    Report report =
        Engine.of(List.of(first, second, other))
            .examine(CLUSTER, check -> check.code().equals("TUN-102"));
    assertThat(report.findings())
        .extracting(finding -> finding.code() + " " + finding.host() + " " + finding.status())
        .containsExactly("TUN-101 a FAIL", "TUN-102 b PASS", "TUN-102 a SKIP");
  }

  @Test
  void contradictoryCataloguesAreRefused() {
    Check one = draft("TUN-101", Role.REAL_SERVER).dependsOn("TUN-102").examine(s -> s.skip("x"));
    Check two = draft("TUN-102", Role.REAL_SERVER).dependsOn("TUN-101").examine(s -> s.skip("x"));
    assertThatThrownBy(() -> Engine.of(List.of(one, two))).hasMessageContaining("circle");
    assertThatThrownBy(() -> Engine.of(List.of(one))).hasMessageContaining("TUN-102");
    assertThatThrownBy(() -> Engine.of(List.of(two, two))).hasMessageContaining("two checks");
  }

  @Test
  void catalogueIsConsistentAndDocumented() {
    List<Check> checks = Catalogue.checks();
    assertThat(Engine.of(checks)).isNotNull();
    for (Check check : checks) {
      assertThat(check.symptom()).as(check.code()).isNotEmpty();
      assertThat(check.documentation()).contains(check.code().toLowerCase(java.util.Locale.ROOT));
      if (!check.roles().contains(Role.CLUSTER) && !check.code().equals("HST-001")) {
        assertThat(needs(check, checks))
            .as(check.code() + " must not speak of hosts that did not answer")
            .isTrue();
      }
    }
  }

  private static boolean needs(Check check, List<Check> all) {
    return check.dependsOn().contains("HST-001")
        || all.stream()
            .filter(other -> check.dependsOn().contains(other.code()))
            .anyMatch(other -> needs(other, all));
  }
}
