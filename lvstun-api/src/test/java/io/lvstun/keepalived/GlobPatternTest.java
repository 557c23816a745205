// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GlobPatternTest {

  @Test
  void starsMatchLikeRegularExpressions() {
    Random random = new Random(3);
    for (int i = 0; i < 3000; i++) {
      StringBuilder pattern = new StringBuilder();
      StringBuilder regex = new StringBuilder();
      for (int j = random.nextInt(7); j >= 0; j--) {
        switch (random.nextInt(5)) {
          case 0 -> {
            pattern.append('*');
            regex.append(".*");
          }
          case 1 -> {
            pattern.append('?');
            regex.append('.');
          }
          case 2 -> {
            pattern.append("[!a]");
            regex.append("[^a]");
          }
          case 3 -> {
            pattern.append("[a-b]");
            regex.append("[ab]");
          }
          default -> {
            char c = (char) ('a' + random.nextInt(3));
            pattern.append(c);
            regex.append(c);
          }
        }
      }
      StringBuilder name = new StringBuilder();
      for (int j = random.nextInt(6); j >= 0; j--) {
        name.append((char) ('a' + random.nextInt(3)));
      }
      assertThat(GlobPattern.matches(pattern.toString(), name.toString()))
          .as(pattern + " on " + name)
          .isEqualTo(name.toString().matches(regex.toString()));
    }
  }

  @Test
  void wildcardsMatchNeitherSlashNorLeadingDot() {
    assertThat(GlobPattern.matches("/a/*", "/a/b")).isTrue();
    assertThat(GlobPattern.matches("/a/*", "/a/b/c")).isFalse();
    assertThat(GlobPattern.matches("/a/*", "a/b")).isFalse();
    assertThat(GlobPattern.matches("*", ".a")).isFalse();
    assertThat(GlobPattern.matches("?a", ".a")).isFalse();
    assertThat(GlobPattern.matches(".*", ".a")).isTrue();
    assertThat(GlobPattern.matches("a\\*", "a*")).isTrue();
    assertThat(GlobPattern.matches("a\\*", "ab")).isFalse();
    assertThat(GlobPattern.matches("[]a]", "]")).isTrue();
    assertThat(GlobPattern.matches("[a", "[a")).isTrue();
  }

  @Test
  void bracesMakeAlternatives() {
    assertThat(GlobPattern.alternatives("a{b,{c,d}e,}f"))
        .containsExactly("abf", "acef", "adef", "af");
    assertThat(GlobPattern.alternatives("a{b")).containsExactly("a{b");
    assertThat(GlobPattern.alternatives("a}b")).containsExactly("a}b");
    assertThat(GlobPattern.alternatives("{a,b}{c,d}")).containsExactly("ac", "ad", "bc", "bd");
  }

  @Test
  void costsAreBounded() {
    assertThat(GlobPattern.alternatives("{a,b}".repeat(40)).size()).isLessThan(1000);
    assertThat(GlobPattern.matches("*a".repeat(200), "a".repeat(2000) + "b")).isFalse();
  }

  @Test
  void patternsAreRelativeToTheirDirectory() {
    assertThat(GlobPattern.absolute("/k", "a")).isEqualTo("/k/a");
    assertThat(GlobPattern.absolute("/", "a")).isEqualTo("/a");
    assertThat(GlobPattern.absolute("/k", "/a")).isEqualTo("/a");
    assertThat(GlobPattern.absolute("", "a")).isEqualTo("a");
  }
}
