// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Objects;

/**
 * Thrown when no answer came before the deadline; the reason says what is known of the state
 * afterwards.
 *
 * @since 0.1.0
 */
public final class TimeoutException extends LvsException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param failure the parts of the message
   */
  public TimeoutException(Failure failure) {
    super(failure);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param failure the parts of the message
   * @param cause what led to it
   */
  public TimeoutException(Failure failure, Throwable cause) {
    super(failure, cause);
    Objects.requireNonNull(cause, "cause");
  }
}
