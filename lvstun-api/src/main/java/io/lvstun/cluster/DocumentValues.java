// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a document of unknown shape, YAML or JSON, is made of. What is of another kind than
 * wanted is an {@link IllegalArgumentException} that names the place.
 */
final class DocumentValues {

  private DocumentValues() {}

  /** Refuses keys that are not known, so that a slip of the pen is not passed over. */
  static void checkKeys(String where, Map<?, ?> map, Set<String> allowed) {
    for (Object key : map.keySet()) {
      if (!(key instanceof String name) || !allowed.contains(name)) {
        throw new IllegalArgumentException(
            where
                + " has the unknown key "
                + printable(String.valueOf(key))
                + "; known are "
                + allowed.stream().sorted().toList());
      }
    }
  }

  /** Wants a map. */
  static Map<?, ?> map(String where, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(where + " must be a map of keys and values");
  }

  /** Wants a list; none is an empty one. */
  static List<?> list(String where, @Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(where + " must be a list");
  }

  /** Text of others on one line, without what steers a terminal, and not too long. */
  static String printable(@Nullable String text) {
    String known = String.valueOf(text).replaceAll("\\s+", " ");
    return (known.length() > 300 ? known.substring(0, 300) + "..." : known)
        .replaceAll("\\p{Cc}", "?");
  }
}
