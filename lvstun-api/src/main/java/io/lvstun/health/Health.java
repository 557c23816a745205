// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

/**
 * What the results of a check say about a server.
 *
 * @since 0.1.0
 */
public enum Health {
  /** Not decided yet: no check has ended since the start. It is not a reason to remove a server. */
  UNKNOWN,
  /** The server passed as often as the policy asks. */
  UP,
  /** The server failed as often as the policy allows. */
  DOWN
}
