// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.model.Check;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTextTest {

  @Test
  void listHasALineACheckUnderItsGroup() {
    List<Check> checks = Catalogue.checks();
    String text = CatalogueText.list(checks);
    for (Check check : checks) {
      assertThat(text).contains("  " + check.code() + " ").contains(check.title() + "\n");
    }
    long groups = checks.stream().map(Check::category).distinct().count();
    assertThat(text.lines().filter(line -> !line.isEmpty())).hasSize((int) groups + checks.size());
    assertThat(CatalogueText.list(List.of())).isEmpty();
  }

  @Test
  void wholeTextLeavesOutWhatACheckDoesNotHave() {
    Check check =
        Check.of("TUN-901", "some")
            .title("All is well")
            .on(Role.REAL_SERVER)
            .symptom("Nothing works")
            .why("So it is")
            .remedy("Do it")
            .examine(subject -> subject.skip("never"));
    String text = CatalogueText.whole(List.of(check));
    assertThat(text)
        .startsWith("TUN-901  All is well\n  name       some\n")
        .contains("  symptom    Nothing works\n", "  looks at   real-server\n")
        .doesNotContain("skipped if", "result of");
    assertThat(text.lines()).allMatch(line -> line.length() <= 96);
  }
}
