// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.Objects;

/**
 * One word of a statement, without its quotes and with its escapes resolved.
 *
 * @param text the word
 * @param place where it begins
 * @since 0.1.0
 */
public record Word(String text, SourcePosition place) {
  /** Checks that nothing is missing. */
  public Word {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(place, "place");
  }

  /** Returns the text. */
  @Override
  public String toString() {
    return text;
  }
}
