// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.Map;

/** A way to write and read the tables. */
interface Contender {

  /** The floor: raw netlink in C. */
  String FLOOR = "floor";

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
   * Does all kinds of work in an empty namespace, and empties it.
   *
   * @param shape the size of the table
   * @param namespace the name of a network namespace without services
   * @param check whether to hold what the kernel has against what it should have, outside the time
   * @return nanoseconds; no entry for work that this contender does not do
   */
  Map<Work, Long> turn(Shape shape, String namespace, boolean check);
}
