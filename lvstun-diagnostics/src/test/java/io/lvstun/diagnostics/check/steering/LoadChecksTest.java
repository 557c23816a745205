// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.steering;

import static io.lvstun.diagnostics.check.Directors.stated;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.ClusterDocument;
import io.lvstun.cluster.ClusterStatement;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.weight.WeightReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of weights that follow load. */
class LoadChecksTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static WeightReport.Server server(long age, Integer... weights) {
    return new WeightReport.Server("rs" + age, NOW.minusSeconds(age), 100, List.of(weights));
  }

  private static Finding check(String code, WeightReport.Server... servers) {
    WeightReport loads = new WeightReport(NOW, Duration.ofSeconds(30), List.of(servers));
    return finding(
        stated(Topology.builder().weights(loads), facts -> facts), code, Finding.CLUSTER);
  }

  @Test
  void oldReportsMustNotDecide() {
    assertThat(check("LOAD-001", server(30, 50)).status()).isEqualTo(Status.PASS);
    assertThat(check("LOAD-001", server(31, 100)).status()).isEqualTo(Status.PASS);
    Finding finding = check("LOAD-001", server(31, 50), server(5, 50));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.observed()).contains("rs31 has the weight 50 by a report of 31 s ago");
  }

  @Test
  void weightsMustNotSwing() {
    assertThat(check("LOAD-002", server(1, 100, 90, 80, 70, 75, 80, 85)).status())
        .isEqualTo(Status.PASS);
    assertThat(check("LOAD-002", server(1, 100, 50, 100)).status()).isEqualTo(Status.PASS);
    assertThat(check("LOAD-002", server(1, 100, 50, 100, 50, 100, 50, 100)).status())
        .isEqualTo(Status.WARN);
  }

  @Test
  void mostServersAtTheFloorIsPanic() {
    assertThat(check("LOAD-003", server(1, 1), server(2, 100)).status()).isEqualTo(Status.PASS);
    assertThat(check("LOAD-003", server(1, 1), server(2, 0), server(3, 100)).status())
        .isEqualTo(Status.FAIL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOAD-001", "LOAD-002", "LOAD-003"})
  void areSkippedWithoutReportsAndErrorsWithBrokenOnes(String code) {
    assertThat(finding(stated(Topology.builder(), facts -> facts), code, "cluster").status())
        .isEqualTo(Status.SKIP);
    assertThat(
            finding(
                    stated(
                        Topology.builder(),
                        facts -> facts.text(ClusterStatement.SECTION, "{\"load\":1}")),
                    code,
                    "cluster")
                .status())
        .isEqualTo(Status.ERROR);
  }

  @Test
  void reportsInADirectorsFactsCount() {
    ClusterStatement statement =
        ClusterDocument.readStatement(
            "probe",
            """
            {"weights": {"at": "2026-01-02T03:04:05Z", "staleAfterSeconds": 30, "servers": [
              {"server": "rs", "reported": "2026-01-02T03:00:00Z", "base": 10, "weights": [5]}]}}
            """);
    String json = ClusterDocument.write(statement);
    Stream.of("LOAD-001", "LOAD-002")
        .forEach(
            code ->
                assertThat(
                        finding(
                                stated(
                                    Topology.builder(),
                                    facts -> facts.text(ClusterStatement.SECTION, json)),
                                code,
                                "cluster")
                            .status())
                    .isEqualTo(code.equals("LOAD-001") ? Status.WARN : Status.PASS));
  }
}
