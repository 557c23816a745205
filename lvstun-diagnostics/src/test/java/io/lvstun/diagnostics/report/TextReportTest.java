// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Evidence;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextReportTest {

  @Test
  void lastLineIsTheVerdict() {
    assertThat(ReportFormat.TEXT.write(Reports.healthy()).lines().reduce((a, b) -> b).orElseThrow())
        .startsWith("VERDICT ");
    assertThat(ReportFormat.TEXT.write(Reports.broken()))
        .endsWith("begin with TUN-001 on rs\n")
        .contains("Root causes\n\nFAIL TUN-001 rs: ", "# ip link set dev tunl0 up");
  }

  @Test
  void rootCausesComeBeforeWhatFollows() {
    String text = ReportFormat.TEXT.write(Reports.hostile());
    assertThat(text.indexOf("Root causes")).isLessThan(text.indexOf("Could not look"));
    assertThat(text).doesNotContain("Does not apply");
    String verbose =
        new TextReport(new TextStyle(false, Detail.ALL, true)).write(Reports.hostile());
    assertThat(verbose).contains("Does not apply", "SKIP TUN-903", "Timing", "ms a host");
  }

  @Test
  void colourIsPutAroundAndNowhereElse() {
    String plain = new TextReport(TextStyle.PLAIN).write(Reports.broken());
    String painted =
        new TextReport(new TextStyle(true, Detail.USUAL, false)).write(Reports.broken());
    assertThat(plain).doesNotContain("\u001b");
    assertThat(painted).contains("\u001b[31;1mFAIL\u001b[0m TUN-001");
    assertThat(painted.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
  }

  @Test
  void longEvidenceIsCutWithItsRest() {
    Finding broken = Reports.broken().findings(Status.FAIL).get(0);
    Finding flood =
        new Finding(
            broken.check(),
            broken.status(),
            broken.host(),
            broken.observed(),
            "",
            List.of(new Evidence("ip link", "line\n".repeat(50))),
            Optional.empty(),
            List.of(),
            List.of(),
            true,
            false,
            Duration.ZERO);
    Report report =
        new Report(
            Reports.broken().cluster(),
            List.of(flood),
            Instant.EPOCH,
            Duration.ZERO,
            Duration.ZERO);
    String text = new TextReport(TextStyle.PLAIN).write(report);
    assertThat(text.split("\\| line\n", -1)).hasSize(7);
    assertThat(text).contains("| ... 44 more lines\n").doesNotContain("expected");
  }

  @Test
  void equalFindingsOfManyServersAreOneEntry() {
    Report report = Reports.large(50);
    String text = ReportFormat.TEXT.write(report);
    assertThat(report.rootCauses()).hasSize(50);
    assertThat(text)
        .contains("FAIL TUN-001 50 hosts (rs1 to rs50): ")
        .endsWith("begin with TUN-001 on 50 hosts (rs1 to rs50)\n")
        .containsOnlyOnce("# ip link set dev tunl0 up")
        .containsOnlyOnce("    why ");
    assertThat(text.lines().count()).isLessThan(40);
  }

  @Test
  void serversAreListedThatAFindingIsAbout() {
    String text = ReportFormat.TEXT.write(Reports.large(7));
    assertThat(text).contains("FAIL TUN-001 7 hosts (rs1 to rs7): ");
    assertThat(text).contains("director  lb1 to lb3  (3)\n", "real-server  rs1 to rs50  (50)\n");
  }

  @Test
  void healthyClusterOfFiftyServersFitsOnOneScreen() {
    Report report = Reports.large(0);
    assertThat(report.cluster().members()).hasSize(53);
    String text = ReportFormat.TEXT.write(report);
    assertThat(text).contains("VERDICT PASS: nothing is wrong");
    assertThat(text.lines().count()).isLessThanOrEqualTo(24);
    assertThat(text.lines()).allMatch(line -> line.length() <= 120);
  }

  @Test
  void briefReportHasALineForEachRootCause() {
    TextReport brief = new TextReport(new TextStyle(false, Detail.BRIEF, false));
    assertThat(brief.write(Reports.large(50)).lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("FAIL TUN-001 50 hosts (rs1 to rs50): ");
    assertThat(brief.write(Reports.large(0)).lines()).singleElement().asString().contains("PASS");
    assertThat(brief.write(Reports.broken()).lines()).first().asString().contains("TUN-001 rs: ");
  }
}
