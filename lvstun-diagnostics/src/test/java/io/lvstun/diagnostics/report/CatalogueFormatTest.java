// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.model.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CatalogueFormatTest {

  @ParameterizedTest
  @EnumSource
  void everyFormNamesEveryCheckAndEndsItsLastLine(CatalogueFormat format) {
    String text = format.write(Catalogue.checks());
    assertThat(text).endsWith("\n");
    for (Check check : Catalogue.checks()) {
      assertThat(text).contains(check.code());
    }
  }

  @Test
  void formsDifferAndExplainSaysMoreThanTheList() {
    List<Check> one = Catalogue.checks().subList(0, 1);
    Set<String> texts = new HashSet<>();
    for (CatalogueFormat format : CatalogueFormat.values()) {
      texts.add(format.write(one));
    }
    assertThat(texts).hasSize(3);
    assertThat(CatalogueFormat.explain(one))
        .contains(one.get(0).slug())
        .hasSizeGreaterThan(CatalogueFormat.TEXT.write(one).length());
  }
}
