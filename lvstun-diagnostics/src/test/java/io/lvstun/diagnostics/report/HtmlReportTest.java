// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Report;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class HtmlReportTest {

  private static final List<Report> ALL =
      List.of(Reports.healthy(), Reports.broken(), Reports.hostile());

  @Test
  void htmlNeedsNothingElse() {
    for (Report report : ALL) {
      String page = HtmlReport.write(report);
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
    String page = HtmlReport.write(Reports.hostile());
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
      String page = HtmlReport.write(report);
      String body = page.substring(page.indexOf("<main>"), page.indexOf("</main>")) + "</main>";
      Document document =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(body)));
      assertThat(document.getElementsByTagName("details").getLength())
          .isEqualTo(FindingGroup.of(report.cluster(), report.findings()).size());
      assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(1);
      assertThat(document.getElementsByTagName("script").getLength()).isZero();
    }
  }

  @Test
  void rootCausesAreOpenAndTheRestIsFolded() {
    String page = HtmlReport.write(Reports.broken());
    int roots = page.indexOf("<h2>Root causes (1)</h2>");
    assertThat(roots).isPositive();
    assertThat(page.indexOf("<details open=\"\">")).isGreaterThan(roots);
    assertThat(page.split("<details open", -1)).hasSize(2);
    assertThat(HtmlReport.write(Reports.healthy())).doesNotContain("<details open");
  }

  @Test
  void equalFindingsOfManyServersAreOneEntry() {
    String page = HtmlReport.write(Reports.large(50));
    assertThat(page)
        .contains("<h2>Root causes (1)</h2>", "<strong>50 hosts (rs1 to rs50)</strong>")
        .contains("<dt>Hosts</dt>\n<dd>rs1 to rs50</dd>")
        .containsOnlyOnce("ip link set dev tunl0 up")
        .contains("<summary>All 53 hosts</summary>");
    assertThat(page.split("<details open", -1)).hasSize(2);
  }
}
