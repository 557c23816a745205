// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.diagnostics.facts.section.Lines;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of interest that run in the host's own network namespace.
 *
 * @since 0.1.0
 */
public final class Processes {

  private static final Pattern NAME = Pattern.compile("/proc/(\\d{1,10})/comm:(.*)");
  private static final Pattern NAMESPACE =
      Pattern.compile(".*/proc/(\\d{1,10})/ns/net -> (\\S+).*");

  private Processes() {}

  /**
   * The names of those that run.
   *
   * @param own the host's network namespace; if it is empty, all count
   */
  public static Set<String> parse(String text, String own) {
    Map<String, String> names = new HashMap<>();
    Map<String, String> namespaces = new HashMap<>();
    for (String line : Lines.of(text)) {
      Matcher name = NAME.matcher(line);
      Matcher namespace = NAMESPACE.matcher(line);
      if (name.matches()) {
        names.put(name.group(1), name.group(2).strip());
      } else if (namespace.matches()) {
        namespaces.put(namespace.group(1), namespace.group(2));
      }
    }
    Set<String> running = new LinkedHashSet<>();
    names.forEach(
        (process, name) -> {
          if (own.isEmpty() || namespaces.getOrDefault(process, own).equals(own)) {
            running.add(name);
          }
        });
    return java.util.Collections.unmodifiableSet(running);
  }
}
