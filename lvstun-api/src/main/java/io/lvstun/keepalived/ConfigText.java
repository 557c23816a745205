// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Text of a configuration: one statement a line, blocks indented, words quoted where they must. */
final class ConfigText {

  private static final String INDENT = "    ";

  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** Writes a statement; values have passed {@link Checked}. */
  void line(String keyword, Object... words) {
    text.append(INDENT.repeat(depth)).append(keyword);
    for (Object word : words) {
      text.append(' ').append(word);
    }
    text.append('\n');
  }

  <T> void optional(String keyword, Optional<T> value) {
    value.ifPresent(
        present ->
            line(
                keyword,
                present instanceof Duration duration ? seconds(duration) : present.toString()));
  }

  void flag(String keyword, boolean set) {
    if (set) {
      line(keyword);
    }
  }

  void block(String head, Runnable inner) {
    if (depth == 0 && text.length() > 0) {
      text.append('\n');
    }
    line(head + " {");
    depth++;
    inner.run();
    depth--;
    line("}");
  }

  <T> void values(String head, Iterable<T> values, Consumer<T> each) {
    if (values.iterator().hasNext()) {
      block(head, () -> values.forEach(each));
    }
  }

  static String seconds(Duration duration) {
    BigDecimal value =
        BigDecimal.valueOf(duration.getSeconds())
            .add(BigDecimal.valueOf(duration.getNano(), 9))
            .stripTrailingZeros();
    return value.toPlainString();
  }

  /** Puts a text between quotes unless it is one plain word. */
  static String quoted(String value) {
    return Checked.plain(value) ? value : '"' + value + '"';
  }

  /** Puts a command or a path between quotes, unless it is one plain path. */
  static String command(String value) {
    return value.matches("/[A-Za-z0-9_./-]*") ? value : '"' + value + '"';
  }

  /** A regular expression: its backslashes are escaped. */
  static String pattern(String value) {
    return '"' + value.replace("\\", "\\\\") + '"';
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
