// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What an examination found.
 *
 * @param cluster the hosts with their facts
 * @param findings root causes first, then what follows from them, then the rest
 * @param at when the examination began
 * @param took how long all of it took
 * @param analysisTook how long the analysis took, a part of that
 * @since 0.1.0
 */
public record Report(
    Cluster cluster, List<Finding> findings, Instant at, Duration took, Duration analysisTook) {

  /** Sorts the findings. */
  public Report {
    findings = findings.stream().sorted(ORDER).toList();
  }

  /** Root causes first; what is broken before what could be better; then as in the catalogue. */
  private static final Comparator<Finding> ORDER =
      Comparator.comparingInt(Report::group)
          .thenComparing(finding -> finding.check().category())
          .thenComparing(Finding::code)
          .thenComparing(Finding::host);

  private static int group(Finding finding) {
    return switch (finding.status()) {
      case FAIL -> finding.rootCause() ? 0 : 2;
      case WARN -> finding.rootCause() ? 1 : 3;
      case ERROR -> 4;
      case PASS -> finding.notable() ? 5 : 6;
      case SKIP -> 7;
    };
  }

  /**
   * Returns what the report comes to.
   *
   * @return the worst of the findings
   */
  public Verdict verdict() {
    if (has(Status.FAIL)) {
      return Verdict.FAIL;
    }
    if (has(Status.ERROR)) {
      return Verdict.ERROR;
    }
    return has(Status.WARN) ? Verdict.WARN : Verdict.PASS;
  }

  private boolean has(Status status) {
    return findings.stream().anyMatch(finding -> finding.status() == status);
  }

  /**
   * Returns the findings of a status.
   *
   * @param status the status
   * @return in the order of the report
   */
  public List<Finding> findings(Status status) {
    return findings.stream().filter(finding -> finding.status() == status).toList();
  }

  /**
   * Returns the findings that explain the others.
   *
   * @return in the order of the report
   */
  public List<Finding> rootCauses() {
    return findings.stream().filter(Finding::rootCause).toList();
  }

  /**
   * Returns a copy with some of the findings.
   *
   * @param keep which
   * @return the copy
   */
  public Report filtered(java.util.function.Predicate<Finding> keep) {
    return new Report(cluster, findings.stream().filter(keep).toList(), at, took, analysisTook);
  }

  /**
   * Returns the verdict with counts, and a line for each root cause and each check that could not
   * look.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(verdict() + ":");
    String separator = " ";
    for (Status status : Status.values()) {
      text.append(separator).append(findings(status).size()).append(' ').append(status);
      separator = ", ";
    }
    int hosts = cluster.members().size();
    text.append(" on ").append(hosts == 1 ? "1 host" : hosts + " hosts");
    for (Finding finding : findings) {
      if (finding.rootCause() || finding.status() == Status.ERROR) {
        text.append('\n').append(finding);
      }
    }
    return text.toString();
  }

  /** Returns a copy with when it began and how long all of it took. */
  public Report taking(Instant began, Duration all) {
    return new Report(cluster, findings, began, all, analysisTook);
  }
}
