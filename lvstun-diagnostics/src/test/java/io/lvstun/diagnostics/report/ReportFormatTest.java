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
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportFormatTest {

  private static final List<Report> ALL =
      List.of(Reports.healthy(), Reports.broken(), Reports.hostile());

  // ---- all forms ----

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

  // ---- text ----

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
    String verbose = new TextReport(new TextStyle(false, true, true)).write(Reports.hostile());
    assertThat(verbose).contains("Does not apply", "SKIP TUN-903", "Timing", "ms a host");
  }

  @Test
  void colourIsPutAroundAndNowhereElse() {
    String plain = new TextReport(TextStyle.PLAIN).write(Reports.broken());
    String painted = new TextReport(new TextStyle(true, false, false)).write(Reports.broken());
    assertThat(plain).doesNotContain("\u001b");
    assertThat(painted).contains("\u001b[31;1mFAIL\u001b[0m TUN-001");
    assertThat(painted.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
  }

  // ---- JSON ----

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

  // ---- JUnit XML ----

  @Test
  void junitKeepsToItsSchema() throws Exception {
    javax.xml.validation.Schema schema =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
            .newSchema(ReportFormatTest.class.getResource("junit.xsd"));
    for (Report report : ALL) {
      String text = ReportFormat.JUNIT.write(report);
      schema.newValidator().validate(new StreamSource(new StringReader(text)));
      Document document =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(text)));
      Element suites = document.getDocumentElement();
      assertThat(suites.getAttribute("tests")).isEqualTo("" + report.findings().size());
      assertThat(document.getElementsByTagName("testcase").getLength())
          .isEqualTo(report.findings().size());
      assertThat(document.getElementsByTagName("failure").getLength())
          .isEqualTo((int) report.findings().stream().filter(Finding::wrong).count());
      assertThat(document.getElementsByTagName("error").getLength())
          .isEqualTo(report.findings(Status.ERROR).size());
      assertThat(document.getElementsByTagName("skipped").getLength())
          .isEqualTo(report.findings(Status.SKIP).size());
    }
  }

  // ---- HTML ----

  @Test
  void htmlNeedsNothingElse() {
    for (Report report : ALL) {
      String page = ReportFormat.HTML.write(report);
      assertThat(page)
          .doesNotContainIgnoringCase("<script", "<img", "<iframe", "<object", "<link", "@import")
          .doesNotContainIgnoringCase("url(", "javascript:", " style=");
      Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(page);
      while (links.find()) {
        assertThat(links.group(1)).startsWith("https://github.com/lvstun/lvstun/");
      }
    }
  }

  @Test
  void htmlForbidsEverythingButItsStyle() throws Exception {
    String page = ReportFormat.HTML.write(Reports.hostile());
    String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
    String hash =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(style.getBytes(StandardCharsets.UTF_8)));
    assertThat(page)
        .contains("default-src 'none'; style-src 'sha256-" + hash + "'; base-uri 'none'");
    assertThat(page.split("</style>", -1)).as("a host cannot end the style").hasSize(2);
  }

  @Test
  void htmlIsWellFormedHoweverHostileTheHost() throws Exception {
    for (Report report : ALL) {
      String page = ReportFormat.HTML.write(report);
      String body = page.substring(page.indexOf("<main>"), page.indexOf("</main>")) + "</main>";
      Document document =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(body)));
      assertThat(document.getElementsByTagName("details").getLength())
          .isEqualTo(report.findings().size());
      assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(1);
      assertThat(document.getElementsByTagName("script").getLength()).isZero();
    }
  }

  @Test
  void htmlDrawsTheFirstBrokenHopInRed() {
    String broken = ReportFormat.HTML.write(Reports.broken());
    assertThat(broken)
        .contains("<path class=\"broken\"", "In red: the first broken hop on the way to rs.");
    assertThat(ReportFormat.HTML.write(Reports.healthy()))
        .doesNotContain("class=\"broken\"")
        .contains("No hop is known to be broken.");
  }
}
