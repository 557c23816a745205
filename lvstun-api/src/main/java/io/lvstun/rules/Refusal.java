// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.LvsException;
import java.util.Objects;

/**
 * A rule that the kernel refused.
 *
 * @param rule the rule
 * @param error why
 * @since 0.1.0
 */
public record Refusal(Rule rule, LvsException error) {
  /** Checks that nothing is missing. */
  public Refusal {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(error, "error");
  }

  /** Returns line and message. */
  @Override
  public String toString() {
    return "line " + rule.line() + ": " + error.getMessage();
  }
}
