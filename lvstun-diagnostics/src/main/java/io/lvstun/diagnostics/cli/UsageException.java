// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

/** Ends a command because of its options or its input. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
