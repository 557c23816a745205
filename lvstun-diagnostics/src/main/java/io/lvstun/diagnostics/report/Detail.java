// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

/**
 * How much a report for people tells.
 *
 * @since 0.1.0
 */
public enum Detail {
  /** A line for each root cause and for each check that could not look, and the verdict. */
  BRIEF,
  /** What is wrong or worth knowing, with evidence and remedies. */
  USUAL,
  /** Also what is as it should be, and what does not apply and why. */
  ALL
}
