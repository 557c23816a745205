// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {

  @Test
  void textNeverBecomesMarkup() {
    String hostile = "<script>&\"'\u001b[31m\n";
    assertThat(new Html().text(hostile)).hasToString("&lt;script&gt;&amp;&quot;&#39; ");
    assertThat(new Html().element("p", "a\"b", "<"))
        .hasToString("<p class=\"a&quot;b\">&lt;</p>\n");
    assertThat(new Html().element("p", "", "x")).hasToString("<p>x</p>\n");
    assertThat(new Html().lines("<a>\n\u0007b\n")).hasToString("<pre>&lt;a&gt;\n\ufffdb\n</pre>\n");
  }

  @Test
  void escapingTwiceEscapesTheEscapes() {
    assertThat(Html.escape("&lt;")).isEqualTo("&amp;lt;");
    assertThat(Html.escape("")).isEmpty();
  }
}
