// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Objects;

/**
 * Thrown when no driver can reach IPVS here; the message lists each with its reason and fix.
 *
 * @since 0.1.0
 */
public final class UnavailableException extends LvsException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param failure the parts of the message
   */
  public UnavailableException(Failure failure) {
    super(failure);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param failure the parts of the message
   * @param cause what led to it
   */
  public UnavailableException(Failure failure, Throwable cause) {
    super(failure, cause);
    Objects.requireNonNull(cause, "cause");
  }
}
