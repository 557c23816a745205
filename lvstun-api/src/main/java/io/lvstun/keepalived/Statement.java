// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node of the syntax tree: a keyword with its arguments, and the statements of its block.
 *
 * @param words the keyword and its arguments, at least one; in a block of values, such as {@code
 *     virtual_ipaddress}, the value's words
 * @param known whether keepalived knows the keyword at this place of the tree
 * @param block the statements between the braces, empty if there are none
 * @since 0.1.0
 */
public record Statement(List<Word> words, boolean known, List<Statement> block) {

  private static final Set<String> SECRETS = Set.of("auth_pass", "password", "key");
  private static final Pattern SECRET =
      Pattern.compile("(?<!\\S)(" + String.join("|", SECRETS) + ")(?=[\\s\"]).*");

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no word
   */
  public Statement {
    Objects.requireNonNull(block, "block");
    Objects.requireNonNull(words, "words");
    words = List.copyOf(words);
    block = List.copyOf(block);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("a statement has at least one word");
    }
  }

  /**
   * Returns the first word.
   *
   * @return the keyword
   */
  public String keyword() {
    return words.get(0).text();
  }

  /**
   * Returns where the statement begins.
   *
   * @return the place of the first word
   */
  public SourcePosition place() {
    return words.get(0).place();
  }

  /**
   * Returns an argument.
   *
   * @param index 0 for the first word after the keyword
   * @return the argument, empty if there are fewer
   */
  public Optional<String> argument(int index) {
    return index + 1 < words.size() ? Optional.of(words.get(index + 1).text()) : Optional.empty();
  }

  /**
   * Returns the words after the keyword.
   *
   * @return the arguments, in order
   */
  public List<String> arguments() {
    return words.stream().skip(1).map(Word::text).toList();
  }

  /**
   * Returns the statements of the block that have a keyword.
   *
   * @param keyword the keyword
   * @return those statements, in order
   */
  public Stream<Statement> children(String keyword) {
    return block.stream().filter(child -> child.keyword().equals(keyword));
  }

  /** Returns the words on one line, without the block; a secret is not shown. */
  @Override
  public String toString() {
    if (SECRETS.contains(keyword())) {
      return keyword() + " ***";
    }
    return words.stream().map(Word::text).collect(Collectors.joining(" "));
  }

  /** Hides a secret in a line that did not become a statement. */
  static String withoutSecret(String line) {
    return SECRET.matcher(line).replaceFirst("$1 ***");
  }
}
