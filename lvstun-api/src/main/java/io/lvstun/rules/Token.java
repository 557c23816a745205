// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

/**
 * A piece of a line.
 *
 * @param line the line's number, from 1
 * @param column where it begins, from 1
 * @param text what it holds; empty for the end of the line
 */
record Token(int line, int column, String text) {

  /** The rest of it from an offset on. */
  Token from(int offset) {
    return part(offset, text.length());
  }

  /** A part of it. */
  Token part(int from, int to) {
    return new Token(line, column + from, text.substring(from, to));
  }

  static RulesSyntaxException error(Token word, String expected) {
    return error(word, expected, word.text);
  }

  static RulesSyntaxException error(Token word, String expected, String found) {
    return new RulesSyntaxException(
        word.line, word.column, expected, RulesSyntaxException.excerpt(found));
  }

  static RulesSyntaxException error(Token word, String expected, Throwable cause) {
    RulesSyntaxException error = error(word, expected);
    error.initCause(cause);
    return error;
  }
}
