// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Objects;

/**
 * Thrown when the service, real server or daemon to be created already exists.
 *
 * @since 0.1.0
 */
public final class AlreadyExistsException extends LvsException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param failure the parts of the message
   */
  public AlreadyExistsException(Failure failure) {
    super(failure);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param failure the parts of the message
   * @param cause what led to it
   */
  public AlreadyExistsException(Failure failure, Throwable cause) {
    super(failure, cause);
    Objects.requireNonNull(cause, "cause");
  }
}
