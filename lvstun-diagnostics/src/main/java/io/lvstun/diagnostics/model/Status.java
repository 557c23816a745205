// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

/**
 * What came of a check on a host.
 *
 * @since 0.1.0
 */
public enum Status {
  /** All is as it should be. */
  PASS,
  /** It works, but not well, or not always, or not after a reboot. */
  WARN,
  /** It is broken. */
  FAIL,
  /** It does not apply here, or a check that it builds on failed; the reason is always stated. */
  SKIP,
  /** It could not be looked at; never taken for good. */
  ERROR
}
