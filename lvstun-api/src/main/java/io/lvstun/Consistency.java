// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

/**
 * What a read of the whole table guarantees while other programs change it. The kernel returns the
 * table in pieces, and a removal between two pieces can hide an entry that was there all along.
 *
 * @since 0.1.0
 */
public enum Consistency {
  /** One pass: fastest, good enough for figures; may miss an entry while others write. */
  SINGLE_PASS,
  /**
   * Read again until two readings agree: what decides changes needs this. An entry that was there
   * all the time is missing only if both readings passed it over in the same way, which takes
   * dozens of removals at just the wrong moments of each; and while others never stop writing,
   * everything that any reading had counts.
   */
  VERIFIED
}
