// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.model.Category;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.report.ReportFormat;
import io.lvstun.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTest {

  private static final Check CARDS =
      own("OWN-001", "cards-are-up")
          .dependsOn(Codes.HOST_ANSWERS)
          .examine(
              subject ->
                  subject.facts().links().get().stream().anyMatch(LinkFacts::up)
                      ? subject.pass("a card is up").finding()
                      : subject.wrong("no card is up").finding());
  private static final Check NEVER =
      own("OWN-002", "never-right")
          .dependsOn("OWN-001")
          .examine(subject -> subject.wrong("this host is odd").finding());

  private static Check.Draft own(String code, String slug) {
    return Check.of(code, slug)
        .title("The house rule holds")
        .severity(Severity.WARN)
        .on(Role.DIRECTOR, Role.REAL_SERVER)
        .why("The house says so.")
        .remedy("Do as the house says.");
  }

  private static Topology topology() {
    return Topology.builder()
        .director("director", Host.netns("director"))
        .realServer("rs", Host.netns("rs"))
        .service("tcp:192.168.1.200:80")
        .build();
  }

  private static Cluster cluster() {
    return Clusters.of(
        topology(),
        Recorded.facts("json-director"),
        HostFacts.unreachable("netns:rs", Instant.EPOCH, Duration.ZERO, "it does not answer"));
  }

  private static Report analysed() {
    return Doctor.analyse(cluster(), check -> true, List.of(CARDS, NEVER));
  }

  private static Finding finding(Report report, String code, String host) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code) && finding.host().equals(host))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ownChecksAreExaminedLikeThoseOfTheCatalogue() {
    Report report = analysed();
    assertThat(finding(report, "OWN-001", "director").status()).isEqualTo(Status.PASS);
    assertThat(finding(report, "OWN-002", "director").status()).isEqualTo(Status.WARN);
    Finding blocked = finding(report, "OWN-002", "rs");
    assertThat(blocked.status()).isEqualTo(Status.SKIP);
    assertThat(blocked.blockedBy()).contains("HST-001");
    assertThat(report.findings()).anyMatch(one -> one.check().category() != Category.OWN);
  }

  @Test
  void ownChecksAreInEveryFormOfReport() {
    for (ReportFormat format : ReportFormat.values()) {
      assertThat(format.write(analysed())).as("%s", format).contains("OWN-002");
    }
  }

  @Test
  void ownChecksAreSelectedLikeOthers() {
    Report report =
        Doctor.analyse(cluster(), check -> check.category() == Category.OWN, List.of(CARDS, NEVER));
    assertThat(report.findings()).extracting(Finding::code).contains("OWN-001", "OWN-002");
    assertThat(report.findings())
        .extracting(Finding::code)
        .containsOnly("OWN-001", "OWN-002", "HST-001");
  }

  @Test
  void checksThatClashAreRefusedWhereTheyAreAdded() {
    Examination examination = Doctor.examine(topology()).check(CARDS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> examination.check(CARDS))
        .withMessageContaining("OWN-001");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                examination.check(
                    own("TUN-901", "house-rule").examine(subject -> subject.skip("no"))))
        .withMessage("the code of an own check must be OWN-001 to OWN-999, not TUN-901");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                examination.check(
                    own("OWN-003", "third")
                        .dependsOn("OWN-900")
                        .examine(subject -> subject.skip("no"))))
        .withMessageContaining("OWN-900");
    examination.check(NEVER);
  }

  @Test
  void reportAsTextHasTheVerdictAndRootCauses() {
    Report report = analysed();
    assertThat(report.toString().lines().findFirst())
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("FAIL: ")
                    .contains(report.findings(Status.PASS).size() + " PASS")
                    .endsWith(" on 2 hosts"));
    assertThat(report.toString().lines())
        .contains(report.rootCauses().get(0).toString())
        .allMatch(line -> line.length() < 300);
  }
}
