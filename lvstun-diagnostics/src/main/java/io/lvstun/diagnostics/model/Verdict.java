// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

/**
 * What a report comes to.
 *
 * @since 0.1.0
 */
public enum Verdict {
  /** Everything that applies was looked at, and is as it should be. */
  PASS,
  /** Nothing is broken, but something could be better. */
  WARN,
  /** Nothing is known to be broken, but something could not be looked at. */
  ERROR,
  /** Something is broken. */
  FAIL
}
