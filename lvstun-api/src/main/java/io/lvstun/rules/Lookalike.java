// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * Characters that look like those of a rules text, or like nothing: web pages and editors put them
 * in.
 */
final class Lookalike {

  private static final String HYPHEN = "a hyphen (U+002D)";
  private static final int MINUS_SIGN = 0x2212;

  private Lookalike() {}

  /** What a character was probably meant to be; empty for one that is what it looks like. */
  static Optional<String> of(int character) {
    if (character < 0x80) {
      return Optional.empty();
    }
    return switch (Character.getType(character)) {
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          Optional.of("a blank (U+0020)");
      case Character.FORMAT -> Optional.of("text without invisible characters");
      case Character.DASH_PUNCTUATION -> Optional.of(HYPHEN);
      case Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION ->
          Optional.of("no quotes, which ipvsadm does not remove");
      default -> character == MINUS_SIGN ? Optional.of(HYPHEN) : compatible(character);
    };
  }

  /** The ASCII character that Unicode calls a character compatible with, as full-width ones are. */
  private static Optional<String> compatible(int character) {
    String plain = Normalizer.normalize(Character.toString(character), Normalizer.Form.NFKC);
    return plain.length() == 1 && plain.charAt(0) > ' ' && plain.charAt(0) < 0x7f
        ? Optional.of(String.format(Locale.ROOT, "'%s' (U+%04X)", plain, (int) plain.charAt(0)))
        : Optional.empty();
  }

  /** The code point and name of a character. */
  static String describe(int character) {
    return String.format(Locale.ROOT, "U+%04X %s", character, Character.getName(character));
  }
}
