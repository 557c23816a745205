// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.model.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CatalogueMarkdownTest {

  @Test
  void linksLeadToAnchorsOfThePage() {
    String page = CatalogueMarkdown.write(Catalogue.checks());
    Set<String> anchors = new HashSet<>();
    page.lines()
        .filter(line -> line.startsWith("### "))
        .forEach(line -> anchors.add(line.substring(4).toLowerCase(Locale.ROOT)));
    assertThat(anchors).hasSize(Catalogue.checks().size());
    Matcher links = Pattern.compile("\\(#([^)]*)\\)").matcher(page);
    while (links.find()) {
      assertThat(anchors).contains(links.group(1));
    }
    assertThat(page).contains(": " + Catalogue.checks().size() + " checks in ");
  }

  @Test
  void markupInTextsStandsForItself() {
    Check check =
        Check.of("TUN-901", "some")
            .title("a|b*c`d[e<f\\g")
            .on(Role.DIRECTOR)
            .symptom("x")
            .why("y")
            .remedy("z")
            .examine(subject -> subject.skip("never"));
    String page = CatalogueMarkdown.write(List.of(check));
    assertThat(page)
        .contains("| a\\|b\\*c\\`d\\[e&lt;f\\\\g |\n")
        .contains("**a|b\\*c\\`d\\[e&lt;f\\\\g** (`some`)\n");
  }
}
