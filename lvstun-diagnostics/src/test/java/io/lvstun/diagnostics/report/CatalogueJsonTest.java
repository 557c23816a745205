// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CatalogueJsonTest {

  @Test
  void everyCheckHasAllOfItsFields() {
    JsonNode root = JsonMapper.shared().readTree(CatalogueJson.write(Catalogue.checks()));
    assertThat(root.path("format").asString()).isEqualTo("lvstun-catalogue");
    assertThat(root.path("version").asInt()).isEqualTo(1);
    assertThat(root.path("checks")).hasSize(Catalogue.checks().size());
    Set<String> codes = new HashSet<>();
    root.path("checks").forEach(check -> codes.add(check.path("code").asString()));
    for (JsonNode check : root.path("checks")) {
      for (String field :
          List.of("slug", "title", "category", "severity", "why", "documentation")) {
        assertThat(check.path(field).asString()).as(field + " of " + check).isNotEmpty();
      }
      for (String list : List.of("dependsOn", "symptomOf")) {
        check.path(list).forEach(code -> assertThat(codes).contains(code.asString()));
      }
      assertThat(check.path("roles")).isNotEmpty();
    }
  }
}
