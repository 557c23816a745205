// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one JSON mapper, with bounds against hostile text.
 *
 * @since 0.1.0
 */
public final class Json {

  /** Reads and writes JSON. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(100)
                          .maxStringLength(32 << 20)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .build();

  private Json() {}

  /**
   * Reads values that stand one after the other; the elements of arrays at the top count as values.
   */
  public static List<JsonNode> sequence(String text) throws JacksonException {
    List<JsonNode> values = new ArrayList<>();
    try (JsonParser parser = MAPPER.createParser(text)) {
      while (parser.nextToken() != null) {
        JsonNode value = parser.readValueAsTree();
        if (value.isArray()) {
          value.forEach(values::add);
        } else {
          values.add(value);
        }
      }
    }
    return values;
  }
}
