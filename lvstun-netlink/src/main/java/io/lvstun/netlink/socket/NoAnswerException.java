// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

/**
 * Thrown when a request gets no complete answer. Never leaves this module: the driver translates
 * it. The session must not be reused.
 */
public final class NoAnswerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Cause why;

  /** Why there is no answer. */
  public enum Cause {
    /** The deadline passed. */
    DEADLINE,
    /** The kernel's queue overflowed. */
    OVERRUN,
    /** The thread was interrupted; its status is kept. */
    INTERRUPTED,
    /** The kernel says that its table changed while it was being read. */
    CHANGED,
    /** The socket's last request is not answered completely yet. */
    BUSY
  }

  /**
   * Makes an exception.
   *
   * @param why why there is no answer
   */
  public NoAnswerException(Cause why) {
    super(why.name(), null, false, false);
    this.why = why;
  }

  /**
   * Returns why there is no answer.
   *
   * @return the cause
   */
  public Cause why() {
    return why;
  }
}
