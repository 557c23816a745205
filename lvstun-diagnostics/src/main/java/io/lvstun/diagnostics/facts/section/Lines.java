// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * Text in lines: words, {@code key=value}, and {@code file:line} as of {@code grep -H}.
 *
 * @since 0.1.0
 */
public final class Lines {

  private Lines() {}

  /** Returns the lines of a text. */
  public static List<String> of(String text) {
    return text.lines().toList();
  }

  /** The words of a line, without empty ones. */
  public static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(line);
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }

  /** Whether a text is a decimal number without sign, of this many digits at most. */
  public static boolean number(String text, int digits) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) < '0' || text.charAt(at) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= digits;
  }

  /** Lines {@code key=value}; quotes around the value are dropped. */
  public static Map<String, String> properties(String text) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String line : of(text)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        properties.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1)));
      }
    }
    return properties;
  }

  private static String unquoted(String value) {
    String stripped = value.strip();
    return stripped.length() >= 2
            && ((stripped.startsWith("\"") && stripped.endsWith("\""))
                || (stripped.startsWith("'") && stripped.endsWith("'")))
        ? stripped.substring(1, stripped.length() - 1)
        : stripped;
  }

  /** Lines {@code /path:content}, put together a file. */
  public static Map<String, String> files(String text) {
    Map<String, List<String>> lines = new LinkedHashMap<>();
    for (String line : of(text)) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.startsWith("/")) {
        lines
            .computeIfAbsent(line.substring(0, colon), path -> new ArrayList<>())
            .add(line.substring(colon + 1));
      }
    }
    Map<String, String> files = new LinkedHashMap<>();
    lines.forEach((path, content) -> files.put(path, String.join("\n", content) + "\n"));
    return java.util.Collections.unmodifiableMap(files);
  }
}
