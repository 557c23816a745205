// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.model.Check;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks as JSON, for programs that show them in a form of their own. */
final class CatalogueJson {

  private CatalogueJson() {}

  static String write(List<Check> checks) {
    JsonMapper mapper = JsonMapper.shared();
    ObjectNode root = mapper.createObjectNode();
    root.put("format", "lvstun-catalogue");
    root.put("version", 1);
    ArrayNode array = root.putArray("checks");
    for (Check check : checks) {
      ObjectNode node = array.addObject();
      node.put("code", check.code());
      node.put("slug", check.slug());
      node.put("title", check.title());
      node.put("category", check.category().title());
      node.put("severity", check.severity().name());
      texts(node.putArray("roles"), check.roles().stream().sorted().map(Object::toString).toList());
      node.put("symptom", check.symptom());
      node.put("why", check.why());
      node.put("remedy", check.remedy());
      texts(node.putArray("dependsOn"), check.dependsOn());
      texts(node.putArray("symptomOf"), check.symptomOf());
      node.put("source", check.source());
      node.put("documentation", check.documentation());
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static void texts(ArrayNode array, Collection<String> texts) {
    texts.forEach(array::add);
  }
}
