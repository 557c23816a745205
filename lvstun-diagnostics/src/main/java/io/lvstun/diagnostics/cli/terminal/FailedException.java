// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import org.jspecify.annotations.Nullable;

/**
 * Ends a command with a message for people: what could not be done, for example a full disk.
 *
 * @since 0.1.0
 */
public final class FailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public FailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
