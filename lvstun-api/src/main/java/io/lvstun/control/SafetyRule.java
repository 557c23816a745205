// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

/**
 * The rules that keep the core from doing harm. Each can be switched off by tests of this package,
 * which must then see the harm: a rule whose absence nobody notices is no rule.
 */
enum SafetyRule {
  /** No step takes the last serving entry of a wanted service away. */
  KEEP_SERVING,
  /** Nothing is changed but the services that are wanted, or were and have not been removed yet. */
  ONLY_OWNED,
  /**
   * Servers and weight are taken away after those that replace them have been seen in the table.
   */
  ADD_BEFORE_REMOVE,
  /** A server of which nothing is known serves. */
  UNKNOWN_IS_NOT_DOWN,
  /** When too few servers are healthy, all serve. */
  PANIC,
  /** The sorry server is in the table before the others leave it. */
  SORRY_FIRST,
  /** A server that joins or returns starts with little weight. */
  SLOW_START,
  /** Repairs against another writer become rarer. */
  BACK_OFF,
  /** What is acted upon has been stored before. */
  STORE_FIRST,
  /** A change is planned on a reading that was made for it. */
  FRESH_READING,
  /** A server that drains is removed when its connections have ended, or its time is up. */
  DRAIN_WAITS,
  /** A drain ends at its deadline. */
  DRAIN_ENDS,
  /** The weight of a server that is not to leave is at least 1, whatever its load. */
  WEIGHT_FLOOR,
  /** With mh, weight 0 is given only together with mh-fallback. */
  MH_FALLBACK
}
