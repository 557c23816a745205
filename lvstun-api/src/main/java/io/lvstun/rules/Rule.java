// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.Command;
import java.util.Objects;

/**
 * A line of a rules text and its command.
 *
 * @param line where it stands, 1 for the first line
 * @param command what it does; edits carry the whole new value, with the defaults of {@code
 *     ipvsadm} for everything that the line does not name
 * @since 0.1.0
 */
public record Rule(int line, Command command) {
  /** Checks that nothing is missing. */
  public Rule {
    Objects.requireNonNull(command, "command");
  }
}
