// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

/**
 * What apply does when a change fails.
 *
 * @since 0.1.0
 */
public enum OnFailure {
  /** Takes back what was done, last change first: the default. */
  ROLL_BACK,
  /** Leaves what was done; applying again goes on from there. */
  KEEP
}
