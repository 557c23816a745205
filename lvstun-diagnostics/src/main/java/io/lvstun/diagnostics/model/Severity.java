// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

/**
 * How much a check matters.
 *
 * @since 0.1.0
 */
public enum Severity {
  /** Worth knowing; nothing is wrong. */
  INFO,
  /** Works, but not well, or not always, or not after a reboot. */
  WARN,
  /** Broken. */
  FAIL
}
