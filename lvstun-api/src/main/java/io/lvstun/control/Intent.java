// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.util.Objects;

/**
 * What an operator wants of a real server beyond its being in the desired service. Part of the
 * stored state, so that it outlives the JVM.
 *
 * @param kind what is wanted
 * @param operation the operation that it belongs to
 * @param since when it began, milliseconds since the epoch
 * @param deadline when it ends in any case, milliseconds since the epoch
 * @param waitsForTemplates whether persistence templates count as connections
 */
record Intent(Kind kind, String operation, long since, long deadline, boolean waitsForTemplates) {

  enum Kind {
    /** Weight 0 until the connections have ended or the time is up. */
    DRAINING,
    /** Not in the table. */
    OUT,
    /** Not in the table until its checks have found it up. */
    JOINING
  }

  Intent {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(operation, "operation");
  }

  Intent out(long now) {
    return new Intent(Kind.OUT, operation, now, deadline, waitsForTemplates);
  }
}
