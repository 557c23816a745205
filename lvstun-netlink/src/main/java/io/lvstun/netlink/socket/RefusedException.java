// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

/**
 * Thrown when the kernel answers a request with an error. Never leaves this module: the driver
 * translates it. The session can be reused.
 */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int errno;
  private final String text;

  /**
   * Makes an exception.
   *
   * @param errno positive error number
   * @param text what the kernel said, empty if nothing
   */
  public RefusedException(int errno, String text) {
    super("errno " + errno + ' ' + text, null, false, false);
    this.errno = errno;
    this.text = text;
  }

  /**
   * Returns the error number.
   *
   * @return positive
   */
  public int errno() {
    return errno;
  }

  /**
   * Returns what the kernel said.
   *
   * @return empty if nothing
   */
  public String text() {
    return text;
  }
}
