// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.model.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of checks is what the catalogue says. */
class ChecksDocumentTest {

  private static final Path PAGE =
      Path.of("").toAbsolutePath().getParent().resolve("docs/reference/checks.md");

  private static final String REGENERATE =
      "docs/reference/checks.md is not what the catalogue says. To write it anew:\n"
          + "  mvn -q -Pquick -pl lvstun-diagnostics -am test -Dtest=ChecksDocumentTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dlvstun.docs=write\n";

  @Test
  void pageIsWhatTheCatalogueSays() throws IOException {
    String written = CatalogueFormat.MARKDOWN.write(Catalogue.checks());
    if (System.getProperty("lvstun.docs", "").equals("write")) {
      Files.writeString(PAGE, written);
    }
    assertThat(Files.isRegularFile(PAGE)).as(REGENERATE).isTrue();
    assertThat(Files.readString(PAGE)).as(REGENERATE).isEqualTo(written);
  }

  @Test
  void everyCheckHasTheAnchorThatItPromises() {
    String written = CatalogueFormat.MARKDOWN.write(Catalogue.checks());
    for (Check check : Catalogue.checks()) {
      String anchor = check.documentation().substring(check.documentation().indexOf('#') + 1);
      assertThat(written.lines().filter(line -> line.startsWith("#")))
          .as(check.code())
          .anyMatch(heading -> heading.equalsIgnoreCase("### " + anchor));
    }
  }

  @Test
  void everyCodeThatTheGuideNamesExists() throws IOException {
    String guide =
        Files.readString(PAGE.resolveSibling("../guides/troubleshooting.md").normalize());
    Matcher only = Pattern.compile("--only ([A-Z0-9,-]+)`").matcher(guide);
    int found = 0;
    while (only.find()) {
      for (String code : only.group(1).split(",")) {
        assertThat(Catalogue.checks())
            .as(code)
            .anyMatch(check -> check.code().equals(code) || check.code().startsWith(code + "-"));
        found++;
      }
    }
    assertThat(found).isGreaterThan(20);
  }
}
