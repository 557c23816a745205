// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of hosts in one phrase. */
final class HostNames {

  private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d{1,9})");
  private static final Pattern LONG_LIST = Pattern.compile("(?:[^ ,;]+, ){6,}[^ ,;]+");
  private static final int SHOWN = 3;
  private static final int FEWEST_IN_A_RANGE = 3;

  private HostNames() {}

  /** All names; three or more that count up become {@code rs1 to rs50}. */
  static String all(List<String> names) {
    return String.join(", ", ranges(names));
  }

  /** A few names, and how many more there are. */
  static String few(List<String> names) {
    List<String> ranges = ranges(names);
    if (ranges.size() <= SHOWN) {
      return names.size() > SHOWN
          ? names.size() + " hosts (" + String.join(", ", ranges) + ")"
          : String.join(", ", ranges);
    }
    return names.size()
        + " hosts ("
        + String.join(", ", names.subList(0, SHOWN))
        + " and "
        + (names.size() - SHOWN)
        + " more)";
  }

  /** A sentence in which lists of more than six names or addresses are cut to a few. */
  static String shortened(String sentence) {
    return LONG_LIST
        .matcher(sentence)
        .replaceAll(
            match -> {
              List<String> names = List.of(match.group().split(", "));
              List<String> ranges = ranges(names);
              return Matcher.quoteReplacement(
                  ranges.size() <= SHOWN
                      ? String.join(", ", ranges)
                      : String.join(", ", names.subList(0, SHOWN))
                          + " and "
                          + (names.size() - SHOWN)
                          + " more");
            });
  }

  /** Names, with those that follow one another counting up put together. */
  static List<String> ranges(List<String> names) {
    List<String> ranges = new ArrayList<>();
    int first = 0;
    while (first < names.size()) {
      int end = first + 1;
      while (end < names.size() && follows(names.get(end - 1), names.get(end))) {
        end++;
      }
      if (end - first >= FEWEST_IN_A_RANGE) {
        ranges.add(names.get(first) + " to " + names.get(end - 1));
      } else {
        ranges.addAll(names.subList(first, end));
      }
      first = end;
    }
    return ranges;
  }

  private static boolean follows(String name, String next) {
    Matcher one = NUMBERED.matcher(name);
    Matcher other = NUMBERED.matcher(next);
    return one.matches()
        && other.matches()
        && one.group(1).equals(other.group(1))
        && Integer.parseInt(one.group(2)) + 1 == Integer.parseInt(other.group(2));
  }
}
