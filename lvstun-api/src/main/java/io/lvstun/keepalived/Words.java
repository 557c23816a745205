// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The words of a line: separated by white space, or put between double quotes. In what keepalived
 * runs and in regular expressions a backslash escapes as in the shell's {@code $'...'}; elsewhere
 * it stands for itself.
 */
final class Words {

  private static final Set<String> ESCAPED =
      Set.of(
          "script",
          "misc_path",
          "regex",
          "quorum_up",
          "quorum_down",
          "notify_up",
          "notify_down",
          "notify",
          "notify_master",
          "notify_backup",
          "notify_fault",
          "notify_stop",
          "notify_master_rx_lower_pri",
          "startup_script",
          "shutdown_script",
          "helo_name");

  private final SourceLine line;
  private final String text;
  private int at;
  private boolean escapes;

  private Words(SourceLine line) {
    this.line = line;
    this.text = line.text();
  }

  static List<Word> of(SourceLine line, List<ImportLoss> losses) {
    Words reader = new Words(line);
    List<Word> words = new ArrayList<>();
    while (reader.skipSpace()) {
      SourcePosition place = line.place(reader.at);
      boolean quoted = reader.text.charAt(reader.at) == '"';
      String word = quoted ? reader.quoted(losses) : reader.plain();
      words.add(new Word(word, place));
      reader.escapes = ESCAPED.contains(words.get(0).text());
    }
    return words;
  }

  private boolean skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length();
  }

  private String plain() {
    StringBuilder word = new StringBuilder();
    while (at < text.length()
        && !Character.isWhitespace(text.charAt(at))
        && text.charAt(at) != '"') {
      if (escapes && text.charAt(at) == '\\' && at + 1 < text.length()) {
        escape(word);
      } else {
        word.append(text.charAt(at++));
      }
    }
    return word.toString();
  }

  private String quoted(List<ImportLoss> losses) {
    int start = at++;
    StringBuilder word = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      if (escapes && text.charAt(at) == '\\' && at + 1 < text.length()) {
        escape(word);
      } else {
        word.append(text.charAt(at++));
      }
    }
    if (at == text.length()) {
      boolean hidden = !Statement.withoutSecret(text).equals(text);
      losses.add(
          new ImportLoss(
              ImportLoss.Kind.SYNTAX,
              line.place(start),
              ConfigSyntaxException.excerpt(
                  Statement.withoutSecret(text.substring(hidden ? 0 : start))),
              "the quote is not closed; it is read as if it ended with the line"));
    } else {
      at++;
    }
    return word.toString();
  }

  private void escape(StringBuilder word) {
    char c = text.charAt(at + 1);
    at += 2;
    switch (c) {
      case 'a' -> word.append('\u0007');
      case 'b' -> word.append('\b');
      case 'E' -> word.append('\u001b');
      case 'f' -> word.append('\f');
      case 'n' -> word.append('\n');
      case 'r' -> word.append('\r');
      case 't' -> word.append('\t');
      case 'v' -> word.append('\u000b');
      case 'x' -> number(word, 16, Integer.MAX_VALUE, c);
      case 'c' -> {
        if (at < text.length()) {
          word.append((char) (text.charAt(at++) & 0x1f));
        } else {
          word.append(c);
        }
      }
      default -> {
        if (c >= '0' && c <= '7') {
          at--;
          number(word, 8, 3, c);
        } else {
          word.append(c);
        }
      }
    }
  }

  private void number(StringBuilder word, int radix, int longest, char fallback) {
    int value = 0;
    int digits = 0;
    while (at < text.length() && digits < longest && Character.digit(text.charAt(at), radix) >= 0) {
      value = value * radix + Character.digit(text.charAt(at++), radix);
      digits++;
    }
    word.append(digits == 0 ? fallback : (char) (value & 0xff));
  }
}
