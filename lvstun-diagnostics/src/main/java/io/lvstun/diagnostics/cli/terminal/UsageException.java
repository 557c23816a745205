// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

/**
 * Ends a command because of its options or its input.
 *
 * @since 0.1.0
 */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
