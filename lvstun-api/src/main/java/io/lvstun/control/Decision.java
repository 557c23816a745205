// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a controller decided, did or noticed, and why. Immutable.
 *
 * @param at when
 * @param kind what sort of decision
 * @param service the service concerned, empty if it is about all
 * @param server the real server concerned, empty if it is about all of the service
 * @param what what was decided, done or noticed, as a sentence without a full stop
 * @param why the reason; empty if {@code what} says all
 * @param evidence what was seen, for example a check's answer or the difference between two tables;
 *     may have several lines; empty if there is none
 * @param took how long it took, or how long the state lasted that has ended; 0 if that means
 *     nothing here
 * @since 0.1.0
 */
public record Decision(
    Instant at,
    Kind kind,
    Optional<ServiceKey> service,
    Optional<ServerKey> server,
    String what,
    String why,
    String evidence,
    Duration took) {

  /**
   * Sorts of decisions.
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** The controller has started, with what it found in its store. */
    STARTED(false),
    /** The stored state, or part of it, is not used. */
    STATE_REJECTED(true),
    /** The state could not be stored: nothing that depends on it is done. */
    STORE_FAILED(true),
    /** The state can be stored again. */
    STORE_BACK(false),
    /** Services are wanted, changed, or wanted no more. */
    DESIRED(false),
    /** A service was found in the table and taken over as it is. */
    ADOPTED(false),
    /** The table was changed. */
    APPLIED(false),
    /** Dry run: the table would have been changed. */
    WOULD_APPLY(false),
    /** A change failed; what failed is tried again every period. */
    APPLY_FAILED(true),
    /** A step waits because it would leave a service without a server. */
    HELD(true),
    /** Another program changed what the controller keeps. */
    DRIFT(true),
    /** A change by another program was taken back. */
    REPAIRED(false),
    /** Another program changes the same service again and again: repairs become rarer. */
    FIGHT(true),
    /** The other program has stopped. */
    FIGHT_ENDED(false),
    /** The table cannot be read. */
    KERNEL_LOST(true),
    /** The table can be read again. */
    KERNEL_BACK(false),
    /** A real server is down. */
    DOWN(true),
    /** A real server is up. */
    UP(false),
    /** Too few real servers are healthy: all are used. */
    PANIC(true),
    /** Enough real servers are healthy again. */
    PANIC_ENDED(false),
    /** The quorum is lost. */
    QUORUM_LOST(true),
    /** The quorum is there again. */
    QUORUM_GAINED(false),
    /** A real server got another weight by its load, or begins or ends its slow start. */
    WEIGHT(false),
    /** A real server is being drained. */
    DRAINING(false),
    /** A real server has been drained and removed. */
    DRAINED(false),
    /** A real server is to join when it has been proven. */
    JOINING(false),
    /** A real server has joined. */
    JOINED(false),
    /** A drain, join, replacement or rolling restart ended without reaching its aim. */
    ABANDONED(true),
    /** A replacement or rolling restart goes on to its next step, or has ended. */
    PROGRESS(false);

    private final boolean trouble;

    Kind(boolean trouble) {
      this.trouble = trouble;
    }

    /**
     * Tells whether an operator should look: logged as a warning.
     *
     * @return true for trouble
     */
    public boolean trouble() {
      return trouble;
    }
  }

  /** Refuses null. */
  public Decision {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(why, "why");
    Objects.requireNonNull(evidence, "evidence");
    Objects.requireNonNull(took, "took");
  }

  /** Returns one line: what, on what, why, how long; and the evidence, indented, below it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind.name()).append(": ").append(what);
    if (!why.isEmpty()) {
      text.append(": ").append(why);
    }
    if (!took.isZero()) {
      text.append(" (").append(took.toMillis()).append(" ms)");
    }
    if (!evidence.isEmpty()) {
      text.append("\n  ").append(evidence.replace("\n", "\n  "));
    }
    return text.toString();
  }
}
