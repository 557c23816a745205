// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonReportTest {

  @Test
  void countsAreThoseOfTheFindings() {
    for (Report report : List.of(Reports.healthy(), Reports.broken(), Reports.hostile())) {
      JsonNode root = JsonMapper.shared().readTree(JsonReport.write(report));
      assertThat(root.path("format").asString()).isEqualTo("lvstun-report");
      assertThat(root.path("version").asInt()).isEqualTo(1);
      assertThat(root.path("findings")).hasSize(report.findings().size());
      for (Status status : Status.values()) {
        assertThat(root.path("counts").path(status.name()).asInt())
            .isEqualTo(report.findings(status).size());
      }
      assertThat(root.path("hosts")).hasSize(report.cluster().members().size());
    }
  }

  @Test
  void hostThatWasNotReachedIsToldWithItsReason() {
    JsonNode hosts =
        JsonMapper.shared().readTree(JsonReport.write(Reports.hostile())).path("hosts");
    assertThat(hosts.path(0).path("reached").asBoolean()).isTrue();
    assertThat(hosts.path(0).path("failure").isNull()).isTrue();
    assertThat(hosts.path(1).path("reached").asBoolean()).isFalse();
    assertThat(hosts.path(1).path("failure").asString()).isNotEmpty();
  }

  @Test
  void textIsAsciiAloneWhateverHostsSend() {
    String text = JsonReport.write(Reports.hostile());
    assertThat(text.chars()).allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f));
    assertThat(text).endsWith("}\n");
  }

  @Test
  void jsonHasRootCausesFirst() {
    JsonNode root = JsonMapper.shared().readTree(ReportFormat.JSON.write(Reports.broken()));
    assertThat(root.path("verdict").asString()).isEqualTo("FAIL");
    JsonNode first = root.path("findings").path(0);
    assertThat(first.path("code").asString()).isEqualTo("TUN-001");
    assertThat(first.path("rootCause").asBoolean()).isTrue();
    assertThat(first.path("remedy").path("actions").path(0).path("command").toString())
        .isEqualTo("[\"ip\",\"link\",\"set\",\"dev\",\"tunl0\",\"up\"]");
    assertThat(first.path("evidence").path(0).path("excerpt").asString()).contains("tunl0");
  }

  @Test
  void aFindingOfManyHostsIsOneForEach() throws Exception {
    String json = ReportFormat.JSON.write(Reports.large(50));
    assertThat(json.split("\"code\" ?: ?\"TUN-001\"", -1)).hasSize(51);
  }
}
