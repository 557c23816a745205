// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Objects;

/**
 * Thrown when the kernel refuses for lack of privilege: IPVS needs CAP_NET_ADMIN in the initial
 * user namespace.
 *
 * @since 0.1.0
 */
public final class PermissionException extends LvsException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param failure the parts of the message
   */
  public PermissionException(Failure failure) {
    super(failure);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param failure the parts of the message
   * @param cause what led to it
   */
  public PermissionException(Failure failure, Throwable cause) {
    super(failure, cause);
    Objects.requireNonNull(cause, "cause");
  }
}
