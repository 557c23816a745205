// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static io.lvstun.rules.Token.error;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One line cut into words, and its options as libpopt takes them from words. */
final class RuleLine {

  /** More than any line needs; ipvsadm's own buffer for a word is 4096. */
  static final int LONGEST_LINE = 65_536;

  /** What libpopt replaces by another word of the line. */
  static final String POPT_SUBSTITUTION = "!#:+";

  private static final int LONGEST_WORD = 4095;
  private static final String OWN_NAME = "ipvsadm";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final int line;
  private final String text;
  private final Token end;
  private final List<GivenOption> given = new ArrayList<>();
  private final List<Token> leftovers = new ArrayList<>();

  /**
   * Reads a line.
   *
   * @param line its number, from 1; a byte order mark is passed over at the beginning of the first
   * @param text the line without its end
   */
  RuleLine(int line, String text) {
    this.line = line;
    this.text = line == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    this.end = new Token(line, this.text.stripTrailing().length() + 1, "");
    scan(words());
  }

  /** Whether there is nothing, or a comment. */
  boolean isEmpty() {
    return given.isEmpty() && leftovers.isEmpty();
  }

  /** The options, in the order they stand. */
  List<GivenOption> given() {
    return given;
  }

  /** The words that are neither options nor values. May be taken from. */
  List<Token> leftovers() {
    return leftovers;
  }

  /** The place behind the last word. */
  Token end() {
    return end;
  }

  // Words

  private List<Token> words() {
    if (text.length() > LONGEST_LINE) {
      throw error(
          new Token(line, LONGEST_LINE + 1, "more"),
          "the end of a line of at most " + LONGEST_LINE + " characters");
    }
    boolean comment = text.startsWith("#");
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      int character = text.codePointAt(i);
      if (Character.isISOControl(character) && character != '\t' && character != '\r') {
        throw error(
            new Token(line, i + 1, ""),
            "text",
            String.format(Locale.ROOT, "the control character U+%04X", character));
      }
      if (!comment) {
        requireNoLookalike(i, character);
      }
    }
    List<Token> words = new ArrayList<>();
    if (text.startsWith("#")) {
      return words;
    }
    int start = 0;
    while (start < text.length()) {
      if (isBlank(text.charAt(start))) {
        start++;
        continue;
      }
      int end = start;
      while (end < text.length() && !isBlank(text.charAt(end))) {
        end++;
      }
      addWord(words, new Token(line, start + 1, text.substring(start, end)));
      start = end;
    }
    return words;
  }

  private void addWord(List<Token> words, Token word) {
    if (word.text().length() > LONGEST_WORD) {
      throw error(word, "a word of at most " + LONGEST_WORD + " characters");
    }
    int substitution = word.text().indexOf(POPT_SUBSTITUTION);
    if (substitution >= 0) {
      throw error(
          word.from(substitution), "no '" + POPT_SUBSTITUTION + "', which ipvsadm would replace");
    }
    // Wherever it stands: ipvsadm passes its own name over.
    if (!word.text().equals(OWN_NAME)) {
      words.add(word);
    }
  }

  private void requireNoLookalike(int index, int character) {
    Optional<String> meant = Lookalike.of(character);
    if (meant.isPresent()) {
      throw error(new Token(line, index + 1, ""), meant.get(), Lookalike.describe(character));
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  // Options, as libpopt takes them

  private void scan(List<Token> words) {
    boolean optionsOver = false;
    int next = 0;
    while (next < words.size()) {
      Token word = words.get(next++);
      if (optionsOver || !word.text().startsWith("-") || word.text().equals("-")) {
        leftovers.add(word);
      } else if (word.text().equals("--")) {
        optionsOver = true;
      } else if (word.text().startsWith("--")) {
        next = scanLong(word, words, next);
      } else {
        next = scanLetters(word, words, next);
      }
    }
  }

  private int scanLong(Token word, List<Token> words, int next) {
    int equals = word.text().indexOf('=');
    String name = word.text().substring(2, equals < 0 ? word.text().length() : equals);
    Option option = Option.named(name);
    if (option == null) {
      throw error(word, Dialect.ofOption(name).orElse("an option of ipvsadm"));
    }
    return take(option, word, equals < 0 ? null : word.from(equals + 1), words, next);
  }

  private int scanLetters(Token word, List<Token> words, int next) {
    int position = 1;
    while (position < word.text().length()) {
      Option option = Option.lettered(word.text().charAt(position));
      if (option == null) {
        throw error(
            word.from(position),
            Dialect.ofLetter(word.text().charAt(position))
                .orElse("the letter of an option of ipvsadm"));
      }
      Token letter = position == 1 ? word : word.from(position);
      position++;
      boolean assigned = position < word.text().length() && word.text().charAt(position) == '=';
      if (option.value() == Option.Value.NONE) {
        if (assigned) {
          throw error(word.from(position), option + " to stand without a value");
        }
        given.add(new GivenOption(option, letter, null));
      } else if (position < word.text().length()) {
        return take(option, letter, word.from(assigned ? position + 1 : position), words, next);
      } else {
        return take(option, letter, null, words, next);
      }
    }
    return next;
  }

  private int take(
      Option option, Token name, @Nullable Token attached, List<Token> words, int next) {
    if (option.value() == Option.Value.NONE) {
      if (attached != null) {
        throw error(name, option + " to stand without a value");
      }
      given.add(new GivenOption(option, name, null));
      return next;
    }
    if (attached != null) {
      given.add(new GivenOption(option, name, attached));
      return next;
    }
    boolean optional = option.value() == Option.Value.OPTIONAL;
    if (next < words.size() && !(optional && words.get(next).text().startsWith("-"))) {
      given.add(new GivenOption(option, name, words.get(next)));
      return next + 1;
    }
    if (!optional) {
      throw error(end, "the value of " + option);
    }
    given.add(new GivenOption(option, name, null));
    return next;
  }
}
