// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.Set;

/**
 * What one contender does before it is the next one's turn.
 *
 * @param shape the size of the table
 * @param namespace the name of a network namespace without services
 * @param works what is timed; the table is written in any case
 * @param check whether to hold what the kernel has against what it should have, outside the time
 */
record Turn(Shape shape, String namespace, Set<Work> works, boolean check) {

  boolean has(Work work) {
    return works.contains(work);
  }

  /** Throws unless the kernel has the table, if that is to be checked. */
  void check(boolean replaced, String contender) {
    if (check) {
      Tools.check(shape, namespace, replaced, contender);
    }
  }
}
