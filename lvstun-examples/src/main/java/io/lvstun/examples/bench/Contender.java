// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.Map;

/** A way to write and read the tables. */
interface Contender {

  /** The floor: raw netlink in C. */
  String FLOOR = "floor";

  /**
   * The messages of the floor, but one a send, and its answer awaited before the next: how clients
   * work that have no batches, such as moby/ipvs.
   */
  String SINGLE = "one-by-one";

  /** The {@code ipvsadm} binary, a process for each piece of work. */
  String IPVSADM = "ipvsadm";

  /** The library in this JVM, which has done it all before. */
  String WARM = "warm";

  /** The library in a JVM that is started for each piece of work. */
  String COLD = "cold";

  /** Like {@link #COLD}, with the options for short programs of the documentation. */
  String COLD_TUNED = "cold-tuned";

  /** The name in results. */
  String id();

  /**
   * Works in an empty namespace, and empties it.
   *
   * @param turn what to do
   * @return nanoseconds; no entry for work that this contender does not do
   */
  Map<Work, Long> turn(Turn turn);
}
