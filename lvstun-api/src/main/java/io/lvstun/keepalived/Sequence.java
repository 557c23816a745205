// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a line begins with to be read several times: {@code ~SEQ(I, 1, 3)}, {@code ~SEQx(...)},
 * {@code ~LST(...)}.
 *
 * @param rounds the parameters of each time, in order
 * @param end where the rest of the line begins
 */
record Sequence(List<Map<String, String>> rounds, int end) {

  private static final List<String> NAMES = List.of("~SEQx(", "~SEQ(", "~LST(");

  static boolean begins(String text) {
    return NAMES.stream().anyMatch(text::startsWith);
  }

  /** Returns where the specification ends, after its parenthesis; -1 if it is not closed. */
  static int end(String text) {
    return text.indexOf(')') + 1;
  }

  /**
   * Reads a specification.
   *
   * @param text a line that {@link #begins} so
   * @param most how many rounds are allowed
   * @return the sequence; empty if keepalived would call it invalid
   * @throws ArithmeticException if there are more rounds
   */
  static Optional<Sequence> parse(String text, int most) {
    int end = end(text);
    int open = text.indexOf('(');
    if (end <= open) {
      return Optional.empty();
    }
    String inner = text.substring(open + 1, end - 1);
    Optional<List<Map<String, String>>> rounds =
        text.startsWith("~LST(")
            ? list(inner)
            : numbers(inner.split(",", -1), text.startsWith("~SEQx("), most);
    return rounds.map(all -> new Sequence(all, end));
  }

  private static Optional<List<Map<String, String>>> numbers(
      String[] parts, boolean hexadecimal, int most) {
    String name = parts[0].strip();
    if (parts.length < 2 || parts.length > 4 || name.isEmpty()) {
      return Optional.empty();
    }
    long[] values = new long[parts.length - 1];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Long.decode(parts[i + 1].strip());
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
      if (Math.abs(values[i]) > Integer.MAX_VALUE) {
        return Optional.empty();
      }
    }
    long last = values[values.length - 1];
    long first = values.length > 1 ? values[0] : last < 0 ? -1 : 1;
    long step = values.length > 2 ? values[1] : last < first ? -1 : 1;
    if (step == 0 || step > 0 && first > last || step < 0 && first < last) {
      return Optional.empty();
    }
    if ((last - first) / step >= most) {
      throw new ArithmeticException("the sequence has " + ((last - first) / step + 1) + " rounds");
    }
    List<Map<String, String>> rounds = new ArrayList<>();
    for (long value = first; step > 0 ? value <= last : value >= last; value += step) {
      rounds.add(Map.of(name, hexadecimal ? Integer.toHexString((int) value) : "" + value));
    }
    return Optional.of(rounds);
  }

  private static Optional<List<Map<String, String>>> list(String inner) {
    List<List<String>> groups = groups(inner);
    if (groups.size() < 2) {
      return Optional.empty();
    }
    List<String> names = groups.get(0);
    List<Map<String, String>> rounds = new ArrayList<>();
    for (List<String> values : groups.subList(1, groups.size())) {
      if (values.size() != names.size()) {
        return Optional.empty();
      }
      Map<String, String> round = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        round.put(names.get(i), values.get(i));
      }
      rounds.add(round);
    }
    return Optional.of(rounds);
  }

  private static List<List<String>> groups(String inner) {
    List<List<String>> groups = new ArrayList<>();
    int at = 0;
    while (at <= inner.length()) {
      int next = at;
      while (next < inner.length() && Character.isWhitespace(inner.charAt(next))) {
        next++;
      }
      int close =
          next < inner.length() && inner.charAt(next) == '{' ? inner.indexOf('}', next) : -1;
      int comma = inner.indexOf(',', Math.max(next, close));
      int end = comma < 0 ? inner.length() : comma;
      String group = close > 0 ? inner.substring(next + 1, close) : inner.substring(at, end);
      groups.add(
          close > 0
              ? Arrays.stream(group.split(",", -1)).map(String::strip).toList()
              : List.of(group.strip()));
      at = end + 1;
    }
    return groups;
  }
}
