// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

/** Thrown when a system call fails. Never leaves this module: the driver translates it. */
public final class SystemCallException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * Makes an exception.
   *
   * @param call the call and what it was on, for example {@code "setns /run/netns/a"}
   * @param errno the positive error number
   */
  public SystemCallException(String call, int errno) {
    super(call + " failed with errno " + errno);
    this.errno = errno;
  }

  /**
   * Returns the error number.
   *
   * @return positive
   */
  public int errno() {
    return errno;
  }
}
