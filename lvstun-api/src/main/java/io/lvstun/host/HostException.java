// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.LvsException;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Thrown when a host cannot be reached, or a program cannot be started on it.
 *
 * @since 0.1.0
 */
public final class HostException extends LvsException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param failure what failed, and how to go on
   */
  public HostException(Failure failure) {
    super(failure);
  }

  /**
   * Makes the exception.
   *
   * @param failure what failed, and how to go on
   * @param cause what brought it about
   */
  public HostException(Failure failure, Throwable cause) {
    super(failure, cause);
    Objects.requireNonNull(cause, "cause");
  }

  /** Makes the exception of a host. */
  public static HostException of(Host host, String operation, String reason, String hint) {
    Objects.requireNonNull(hint, "hint");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(reason, "reason");
    return new HostException(
        new Failure(operation, host.specification(), "host", reason, OptionalInt.empty(), hint));
  }
}
