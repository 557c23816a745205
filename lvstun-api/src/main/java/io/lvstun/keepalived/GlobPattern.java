// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Patterns of {@code glob(7)} with the alternatives of csh: {@code conf.d/{a,b}-*.conf}. */
final class GlobPattern {

  private static final int MOST_ALTERNATIVES = 256;

  private GlobPattern() {}

  static String absolute(String directory, String pattern) {
    if (pattern.startsWith("/") || directory.isEmpty()) {
      return pattern;
    }
    return directory.endsWith("/") ? directory + pattern : directory + '/' + pattern;
  }

  static List<String> components(String pattern) {
    return Arrays.stream(pattern.split("/")).filter(part -> !part.isEmpty()).toList();
  }

  static boolean isWild(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
  }

  /** Resolves braces, nested ones too; a brace without its partner stands for itself. */
  static List<String> alternatives(String pattern) {
    List<String> done = new ArrayList<>();
    List<String> open = new ArrayList<>(List.of(pattern));
    while (!open.isEmpty() && done.size() + open.size() <= MOST_ALTERNATIVES) {
      String text = open.remove(0);
      int start = text.indexOf('{');
      int end = start < 0 ? -1 : partner(text, start);
      if (end < 0) {
        done.add(text);
        continue;
      }
      List<String> made = new ArrayList<>();
      for (String choice : choices(text.substring(start + 1, end))) {
        made.add(text.substring(0, start) + choice + text.substring(end + 1));
      }
      open.addAll(0, made);
    }
    done.addAll(open);
    return done;
  }

  private static int partner(String text, int start) {
    int depth = 0;
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) == '{') {
        depth++;
      } else if (text.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> choices(String inner) {
    List<String> all = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        all.add(inner.substring(from, i));
        from = i + 1;
      }
    }
    all.add(inner.substring(from));
    return all;
  }

  /**
   * Tells whether a pattern without braces matches a whole path; wildcards match neither a slash
   * nor a name's leading dot. Takes time proportional to the product of the lengths at most.
   */
  static boolean matches(String pattern, String path) {
    List<String> wanted = components(pattern);
    List<String> present = components(path);
    if (wanted.size() != present.size() || pattern.startsWith("/") != path.startsWith("/")) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!matchesName(wanted.get(i), present.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean matchesName(String pattern, String name) {
    if (name.startsWith(".") && !pattern.startsWith(".")) {
      return false;
    }
    int p = 0;
    int n = 0;
    int star = -1;
    int starName = 0;
    while (n < name.length()) {
      int length = p < pattern.length() ? lengthIfMatching(pattern, p, name.charAt(n)) : 0;
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        starName = n;
      } else if (length > 0) {
        p += length;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++starName;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Returns how many characters of the pattern match this one character, 0 if none do. */
  private static int lengthIfMatching(String pattern, int p, char c) {
    char first = pattern.charAt(p);
    if (first == '?') {
      return 1;
    }
    int end = first == '[' ? pattern.indexOf(']', p + 2) : -1;
    if (end < 0) {
      if (first == '\\' && p + 1 < pattern.length()) {
        return pattern.charAt(p + 1) == c ? 2 : 0;
      }
      return first == c ? 1 : 0;
    }
    int at = p + 1;
    boolean negated = pattern.charAt(at) == '!' || pattern.charAt(at) == '^';
    if (negated) {
      at++;
    }
    boolean in = false;
    while (at < end) {
      if (at + 2 < end && pattern.charAt(at + 1) == '-') {
        in |= pattern.charAt(at) <= c && c <= pattern.charAt(at + 2);
        at += 3;
      } else {
        in |= pattern.charAt(at++) == c;
      }
    }
    return in != negated ? end - p + 1 : 0;
  }
}
