// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportFormatTest {

  private static final List<Report> ALL =
      List.of(Reports.healthy(), Reports.broken(), Reports.hostile());

  @ParameterizedTest
  @EnumSource
  void nothingThatSteersATerminalIsWritten(ReportFormat format) {
    String text = format.write(Reports.hostile());
    assertThat(text).endsWith("\n").doesNotContain("\u001b", "\u0007", "\u0000", "\u009b");
    if (format != ReportFormat.JSON) {
      assertThat(text).doesNotContain("\u202e", "\u200b", "\ufffe");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everythingWrongIsNamed(ReportFormat format) {
    Report report = Reports.broken();
    assertThat(report.findings(Status.FAIL)).isNotEmpty();
    for (Finding finding : report.findings(Status.FAIL)) {
      assertThat(format.write(report)).contains(finding.code(), finding.host());
    }
  }

  @Test
  void jsonKeepsToTheSchema() {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ReportFormat.jsonSchema());
    for (Report report : ALL) {
      assertThat(complaints(schema, ReportFormat.JSON.write(report))).isEmpty();
    }
    String wrong =
        ReportFormat.JSON
            .write(Reports.broken())
            .replace("\"rootCause\" : true", "\"rootCause\" : 1");
    assertThat(complaints(schema, wrong)).isNotEmpty();
    assertThat(complaints(schema, "{}")).isNotEmpty();
  }

  private static List<Error> complaints(Schema schema, String json) {
    return schema.validate(
        json,
        InputFormat.JSON,
        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
  }

  @Test
  void schemaIsPublished() throws IOException {
    Path published =
        Path.of("").toAbsolutePath().getParent().resolve("docs/reference/report.schema.json");
    assertThat(Files.readString(published)).isEqualTo(ReportFormat.jsonSchema());
  }
}
