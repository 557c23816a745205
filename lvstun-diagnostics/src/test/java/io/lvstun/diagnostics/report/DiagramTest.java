// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Report;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DiagramTest {

  @Test
  void htmlDrawsTheFirstBrokenHopInRed() {
    String broken = ReportFormat.HTML.write(Reports.broken());
    assertThat(broken)
        .contains("<path class=\"broken\"", "In red: the first broken hop on the way to rs.");
    assertThat(ReportFormat.HTML.write(Reports.healthy()))
        .doesNotContain("class=\"broken\"")
        .contains("No hop is known to be broken.");
  }

  private static String draw(Report report) {
    Html html = new Html();
    String legend = new Diagram(report).draw(html);
    assertThat(html.toString()).contains("aria-label=\"The cluster. " + Html.escape(legend));
    return html.toString();
  }

  @Test
  void boxSaysHowManyChecksFailOrWhatTheHostIs() {
    assertThat(draw(Reports.broken())).contains(">1 check fails</text>");
    assertThat(draw(Reports.healthy())).contains(">director</text>").doesNotContain("check fails");
    assertThat(draw(Reports.hostile())).contains(">not reached</text>");
  }

  @Test
  void everyHostHasABoxWithinThePicture() {
    String picture = draw(Reports.broken());
    assertThat(picture.split("<rect ", -1)).hasSize(3);
    Matcher view = Pattern.compile("viewBox=\"0 0 358 (\\d+)\"").matcher(picture);
    assertThat(view.find()).isTrue();
    int height = Integer.parseInt(view.group(1));
    Matcher boxes = Pattern.compile("y=\"(\\d+)\" width=\"134\"").matcher(picture);
    while (boxes.find()) {
      assertThat(Integer.parseInt(boxes.group(1)) + 42).isLessThanOrEqualTo(height);
    }
  }

  @Test
  void serversOfWhichItTellsTheSameShareABox() {
    String picture = draw(Reports.large(7));
    assertThat(picture.split("<rect ", -1)).as("3 directors, 2 kinds of servers").hasSize(6);
    assertThat(picture)
        .contains(">rs1 to rs7</text>", ">rs8 to rs50</text>", ">lb2</text>")
        .contains(">1 check fails each</text>", ">43 real servers</text>");
    assertThat(picture.split("<path class=\"broken\"", -1)).as("from each director").hasSize(4);
    Matcher view = Pattern.compile("viewBox=\"0 0 358 (\\d+)\"").matcher(picture);
    assertThat(view.find()).isTrue();
    assertThat(Integer.parseInt(view.group(1))).isLessThan(400);
  }
}
