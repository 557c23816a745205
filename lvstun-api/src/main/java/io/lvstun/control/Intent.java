// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.ServerKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants of a real server beyond its being in the desired service. Part of the
 * stored state, so that it outlives the JVM.
 *
 * @param kind what is wanted
 * @param operation the operation that it belongs to
 * @param since when it began, milliseconds since the epoch
 * @param deadline when it ends in any case, milliseconds since the epoch
 * @param waitsForTemplates whether persistence templates count as connections
 * @param leaves whether the server is to be wanted no more once it is out
 * @param replaces which server of the service is to be drained, and to leave, once this one has
 *     joined; null for none
 * @param patience how long that one may take to drain, milliseconds
 */
record Intent(
    Kind kind,
    String operation,
    long since,
    long deadline,
    boolean waitsForTemplates,
    boolean leaves,
    @Nullable ServerKey replaces,
    long patience) {

  /** An intent that concerns one server alone. */
  Intent(Kind kind, String operation, long since, long deadline, boolean waitsForTemplates) {
    this(kind, operation, since, deadline, waitsForTemplates, false, null, 0);
  }

  /** The server is to be drained, and then to leave its service. */
  static Intent replaced(String operation, long now, long deadline, boolean waitsForTemplates) {
    return new Intent(Kind.DRAINING, operation, now, deadline, waitsForTemplates, true, null, 0);
  }

  /** The server is to join, and another to be drained then. */
  static Intent replacing(
      String operation,
      long now,
      long deadline,
      ServerKey replaces,
      long patience,
      boolean waitsForTemplates) {
    return new Intent(
        Kind.JOINING, operation, now, deadline, waitsForTemplates, false, replaces, patience);
  }

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
    return new Intent(Kind.OUT, operation, now, deadline, waitsForTemplates, leaves, null, 0);
  }
}
