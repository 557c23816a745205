// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a check found on a host.
 *
 * @param check the check
 * @param status what came of it
 * @param host the host's name in the topology; {@code cluster} for what concerns no single host
 * @param observed what is the case, a clause; for SKIP and ERROR the reason
 * @param expected what should be the case, a clause; may be empty for PASS and SKIP
 * @param evidence what it rests on
 * @param remedy how to put it right
 * @param blockedBy codes of the failed checks because of which it was skipped
 * @param causedBy codes of failed checks that explain it; then it is no root cause
 * @param rootCause it is wrong, and no other finding explains it
 * @param notable nothing is wrong, but there is something that people should know
 * @param took how long the analysis took
 * @since 0.1.0
 */
public record Finding(
    Check check,
    Status status,
    String host,
    String observed,
    String expected,
    List<Evidence> evidence,
    Optional<Remedy> remedy,
    List<String> blockedBy,
    List<String> causedBy,
    boolean rootCause,
    boolean notable,
    Duration took) {

  /** The host of findings that concern no single one. */
  public static final String CLUSTER = "cluster";

  /** Copies the lists. */
  public Finding {
    evidence = List.copyOf(evidence);
    blockedBy = List.copyOf(blockedBy);
    causedBy = List.copyOf(causedBy);
  }

  /**
   * Returns the check's code.
   *
   * @return for example {@code RPF-001}
   */
  public String code() {
    return check.code();
  }

  /**
   * Tells whether something is wrong.
   *
   * @return true for FAIL and WARN
   */
  public boolean wrong() {
    return status == Status.FAIL || status == Status.WARN;
  }

  /** Returns a copy that is a root cause, or that names its causes. */
  public Finding ranked(boolean rootCause, List<String> causedBy) {
    return new Finding(
        check, status, host, observed, expected, evidence, remedy, blockedBy, causedBy, rootCause,
        notable, took);
  }

  /**
   * Returns a copy that probes have corrected.
   *
   * @param manual whether its remedy is for people to weigh, without steps
   */
  public Finding revised(Status status, String observed, boolean manual) {
    return new Finding(
        check,
        status,
        host,
        observed,
        expected,
        evidence,
        manual ? remedy.map(one -> Remedy.manual(one.text())) : remedy,
        blockedBy,
        causedBy,
        rootCause,
        notable,
        took);
  }

  /** Returns a copy with the time it took. */
  public Finding timed(Duration took) {
    return new Finding(
        check, status, host, observed, expected, evidence, remedy, blockedBy, causedBy, rootCause,
        notable, took);
  }

  /** Returns a copy that names the checks it waited for. */
  public Finding blocked(List<String> by) {
    return new Finding(
        check, status, host, observed, expected, evidence, remedy, by, causedBy, rootCause, notable,
        took);
  }

  /** Returns one line, for example {@code FAIL RPF-001 rs1: rp_filter of tunl0 is 1}. */
  @Override
  public String toString() {
    return status + " " + code() + " " + host + ": " + observed;
  }
}
