// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class JunitReportTest {

  @Test
  void junitKeepsToItsSchema() throws Exception {
    javax.xml.validation.Schema schema =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
            .newSchema(JunitReportTest.class.getResource("junit.xsd"));
    for (Report report : List.of(Reports.healthy(), Reports.broken(), Reports.hostile())) {
      String text = JunitReport.write(report);
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

  @Test
  void statusDecidesTheElement() {
    String text = JunitReport.write(Reports.hostile());
    assertThat(text)
        .contains("<failure type=\"FAIL\"", "<failure type=\"WARN\"", "<error type=\"ERROR\"")
        .contains("<skipped message=", "<system-out>")
        .contains("classname=\"lvstun.TUN\"")
        .contains("root cause: yes");
  }

  @Test
  void hostWithoutFindingsIsNoSuite() {
    Report report = Reports.broken().filtered(finding -> finding.host().equals("rs"));
    assertThat(JunitReport.write(report))
        .contains("<testsuite name=\"rs\"")
        .doesNotContain("<testsuite name=\"director\"");
  }

  @Test
  void timesHaveAPointInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(JunitReport.write(Reports.hostile())).contains("time=\"1.000000\"");
    } finally {
      Locale.setDefault(before);
    }
  }
}
