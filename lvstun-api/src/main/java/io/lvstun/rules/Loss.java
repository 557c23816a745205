// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import java.util.Objects;

/**
 * A setting in the kernel that a rules text cannot carry.
 *
 * @param kind what is missing
 * @param target whose it is, for example {@code 192.0.2.11:80 of TCP 192.0.2.1:80}
 * @param detail what is missing and why, as a sentence without a full stop
 * @since 0.1.0
 */
public record Loss(Kind kind, String target, String detail) {
  /** Checks that nothing is missing. */
  public Loss {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(detail, "detail");
  }

  /**
   * What a text can lack.
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** The whole service with its real servers. */
    SERVICE,
    /** Settings of a service that only other programs write: the service is written without. */
    SETTINGS,
    /** The whole real server. */
    SERVER,
    /** The weight: a smaller one is written. */
    WEIGHT,
    /** The connection thresholds. */
    THRESHOLDS,
    /** The real server's port: the service's is written. */
    PORT,
    /** The connection time-outs. */
    TIMEOUTS,
    /** A sync daemon. */
    SYNC_DAEMON
  }

  /** Returns one line: target and detail. */
  @Override
  public String toString() {
    return target.isEmpty() ? detail : target + ": " + detail;
  }
}
