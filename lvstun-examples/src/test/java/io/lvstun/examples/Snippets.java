// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the Java of the documents with that of the examples.
 *
 * <p>The examples mark regions with comments:
 *
 * <pre>{@code
 * // tag::drain[]
 * ...
 * // end::drain[]
 * }</pre>
 *
 * A block of a document is right if it is one region, or several after one another, but for white
 * space and comments. It may say which, in an HTML comment above it: {@code <!-- snippet:
 * GracefulDrainExample.drain -->}. A block that is meant to be something else says so and why:
 * {@code <!-- snippet: none, it is Kotlin's business -->}.
 */
final class Snippets {

  private static final Pattern TAG = Pattern.compile("\\s*// (tag|end)::([a-z0-9-]+)\\[]\\s*");
  private static final Pattern FENCE = Pattern.compile("\\s{0,12}(```+|~~~+)\\s*(\\w*).*");
  private static final Pattern MARKER = Pattern.compile("\\s*<!-- snippet: (.*) -->\\s*");
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>//[^\\n]*|/\\*(?s:.*?)\\*/)"
              + "|(?<text>\"\"\"(?s:.*?)\"\"\")"
              + "|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*'"
              + "|[\\p{L}_$][\\p{L}\\p{N}_$]*|[0-9][0-9A-Za-z_.]*|\\S");

  private final Map<String, List<String>> regions = new LinkedHashMap<>();

  /** A block of Java in a document. */
  record Block(String file, int line, Optional<String> marker, String code) {}

  /** Takes up the regions of a source file. */
  void addSource(String className, String source) {
    Map<String, StringBuilder> open = new LinkedHashMap<>();
    for (String line : source.lines().toList()) {
      Matcher tag = TAG.matcher(line);
      if (tag.matches()) {
        String name = className + "." + tag.group(2);
        if (tag.group(1).equals("tag")) {
          if (regions.containsKey(name) || open.put(name, new StringBuilder()) != null) {
            throw new IllegalArgumentException("region " + name + " is there twice");
          }
        } else {
          StringBuilder text = open.remove(name);
          if (text == null) {
            throw new IllegalArgumentException("region " + name + " ends without a beginning");
          }
          List<String> tokens = tokens(text.toString());
          if (tokens.isEmpty()) {
            throw new IllegalArgumentException("region " + name + " is empty");
          }
          regions.put(name, tokens);
        }
      } else {
        open.values().forEach(text -> text.append(line).append('\n'));
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalArgumentException("regions without an end: " + open.keySet());
    }
  }

  /** The tokens of a region. */
  List<String> region(String name) {
    List<String> tokens = regions.get(name);
    if (tokens == null) {
      throw new IllegalArgumentException(
          "there is no region " + name + " among " + regions.keySet());
    }
    return tokens;
  }

  /** The blocks of Java in a document. */
  static List<Block> blocks(String file, String document) {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = document.lines().toList();
    Optional<String> marker = Optional.empty();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher fence = FENCE.matcher(line);
      Matcher mark = MARKER.matcher(line);
      if (mark.matches()) {
        marker = Optional.of(mark.group(1).strip());
      } else if (fence.matches()) {
        int first = i + 1;
        i = first;
        while (i < lines.size() && !closes(lines.get(i), fence.group(1))) {
          i++;
        }
        if (i == lines.size()) {
          throw new IllegalArgumentException(file + ":" + first + ": this block has no end");
        }
        if (fence.group(2).equalsIgnoreCase("java")) {
          String code = String.join("\n", lines.subList(first, i));
          blocks.add(new Block(file, first, marker, code));
        }
        marker = Optional.empty();
      } else if (!line.isBlank()) {
        marker = Optional.empty();
      }
    }
    return blocks;
  }

  private static boolean closes(String line, String fence) {
    String text = line.strip();
    return text.startsWith(fence) && text.chars().allMatch(c -> c == fence.charAt(0));
  }

  /** Says what is wrong with a block; empty if nothing is. */
  Optional<String> complaint(Block block) {
    String place = block.file() + ":" + block.line() + ": ";
    List<String> tokens = tokens(block.code());
    if (block.marker().isEmpty()) {
      if (tokens.isEmpty() || !madeOfRegions(tokens, 0, new boolean[tokens.size() + 1])) {
        return Optional.of(
            place
                + "this Java is no region of the examples; take it from one, or write"
                + " <!-- snippet: none, and why --> above it. Regions: "
                + regions.keySet());
      }
      return Optional.empty();
    }
    String marker = block.marker().get();
    if (marker.matches("none\\b.*")) {
      return marker.matches("none,? \\S+.*")
          ? Optional.empty()
          : Optional.of(place + "\"snippet: none\" wants a reason behind it");
    }
    List<String> expected = new ArrayList<>();
    for (String name : marker.split(",\\s*")) {
      if (!regions.containsKey(name)) {
        return Optional.of(place + "there is no region " + name + " among " + regions.keySet());
      }
      expected.addAll(region(name));
    }
    return expected.equals(tokens)
        ? Optional.empty()
        : Optional.of(place + "differs from " + marker + " at: " + difference(expected, tokens));
  }

  private static String difference(List<String> expected, List<String> tokens) {
    int at = 0;
    while (at < expected.size() && at < tokens.size() && expected.get(at).equals(tokens.get(at))) {
      at++;
    }
    return "\""
        + excerpt(tokens, at)
        + "\" where the example has \""
        + excerpt(expected, at)
        + "\"";
  }

  private static String excerpt(List<String> tokens, int at) {
    return tokens.stream().skip(Math.max(0, at - 4)).limit(12).collect(Collectors.joining(" "));
  }

  private boolean madeOfRegions(List<String> tokens, int from, boolean[] inVain) {
    if (from == tokens.size()) {
      return true;
    }
    if (inVain[from]) {
      return false;
    }
    inVain[from] = true;
    for (List<String> region : regions.values()) {
      int to = from + region.size();
      if (to <= tokens.size()
          && tokens.subList(from, to).equals(region)
          && madeOfRegions(tokens, to, inVain)) {
        return true;
      }
    }
    return false;
  }

  /** Splits Java into its tokens. Comments are left out, text blocks lose their indentation. */
  static List<String> tokens(String code) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(code);
    while (matcher.find()) {
      if (matcher.group("text") != null) {
        tokens.add(
            Stream.of(matcher.group().split("\n"))
                .map(String::strip)
                .collect(Collectors.joining("\n")));
      } else if (matcher.group("comment") == null) {
        tokens.add(matcher.group());
      }
    }
    return tokens;
  }
}
