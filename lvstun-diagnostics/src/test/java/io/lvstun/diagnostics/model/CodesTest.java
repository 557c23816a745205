// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CodesTest {

  /** A constant whose check is gone, or was renamed, would blame nothing. */
  @Test
  void everyCodeIsOfACheckOfTheCatalogue() throws IllegalAccessException {
    Set<String> known = new HashSet<>();
    Catalogue.checks().forEach(check -> known.add(check.code()));
    Set<String> seen = new HashSet<>();
    for (var field : Codes.class.getFields()) {
      String code = (String) field.get(null);
      assertThat(known).as(field.getName()).contains(code);
      assertThat(seen.add(code)).as("%s is named twice", code).isTrue();
    }
    assertThat(seen).hasSizeGreaterThan(60);
  }
}
