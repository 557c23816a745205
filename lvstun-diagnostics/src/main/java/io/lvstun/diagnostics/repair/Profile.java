// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

/**
 * How far a preparation goes.
 *
 * @since 0.1.0
 */
public enum Profile {
  /** What LVS-TUN needs, and no more. */
  STANDARD,
  /**
   * Queues, tables and timeouts for many connections besides, and a segment size that fits into the
   * tunnel. Only what the role has use for: a director ends no connections, so that settings of TCP
   * do nothing on it.
   */
  PERFORMANCE
}
