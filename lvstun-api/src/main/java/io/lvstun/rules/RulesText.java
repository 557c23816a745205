// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import java.util.List;
import java.util.Objects;

/**
 * A generated rules text and what it cannot carry.
 *
 * @param text the lines, each ended by a line feed; empty if there is nothing to say
 * @param losses what the text lacks, empty if it says everything
 * @since 0.1.0
 */
public record RulesText(String text, List<Loss> losses) {

  /** Copies the list. */
  public RulesText {
    Objects.requireNonNull(losses, "losses");
    Objects.requireNonNull(text, "text");
    losses = List.copyOf(losses);
  }

  /**
   * Tells whether the text says everything.
   *
   * @return whether there are no losses
   */
  public boolean lossless() {
    return losses.isEmpty();
  }

  /** Returns the text. */
  @Override
  public String toString() {
    return text;
  }
}
