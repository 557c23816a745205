// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Objects;

/**
 * Thrown when this driver or kernel lacks a feature; the reason names the feature and what supports
 * it.
 *
 * @since 0.1.0
 */
public final class UnsupportedException extends LvsException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param failure the parts of the message
   */
  public UnsupportedException(Failure failure) {
    super(failure);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param failure the parts of the message
   * @param cause what led to it
   */
  public UnsupportedException(Failure failure, Throwable cause) {
    super(failure, cause);
    Objects.requireNonNull(cause, "cause");
  }
}
