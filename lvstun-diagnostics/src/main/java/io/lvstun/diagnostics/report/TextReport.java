// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.model.Evidence;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.PersistentLine;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes reports for people: what is wrong first, causes before what follows from them, and the
 * verdict in the last line.
 *
 * @since 0.1.0
 */
public final class TextReport {

  private static final int EVIDENCE_LINES = 6;

  private final TextStyle style;

  /**
   * Makes a writer.
   *
   * @param style how to write
   */
  public TextReport(TextStyle style) {
    this.style = style;
  }

  /**
   * Writes a report.
   *
   * @param report the report
   * @return lines, each with its end
   */
  public String write(Report report) {
    StringBuilder text = new StringBuilder();
    head(text, report);
    List<Finding> roots = wrong(report, true);
    List<Finding> followers = wrong(report, false);
    section(text, "Root causes", roots);
    section(text, "What follows from them", followers);
    section(text, "Could not look", report.findings(Status.ERROR));
    lines(
        text,
        "Good to know",
        report.findings(Status.PASS).stream().filter(Finding::notable).toList());
    if (style.verbose()) {
      lines(
          text,
          "As it should be",
          report.findings(Status.PASS).stream().filter(finding -> !finding.notable()).toList());
      lines(text, "Does not apply", report.findings(Status.SKIP));
    }
    if (style.timing()) {
      timing(text, report);
    }
    counts(text, report);
    verdict(text, report);
    return text.toString();
  }

  private static List<Finding> wrong(Report report, boolean root) {
    return report.findings().stream()
        .filter(finding -> finding.wrong() && finding.rootCause() == root)
        .toList();
  }

  private void head(StringBuilder text, Report report) {
    for (Member member : report.cluster().members()) {
      String roles =
          member.node().roles().stream().map(Object::toString).collect(Collectors.joining(", "));
      text.append(Plain.line(member.name()))
          .append("  ")
          .append(roles)
          .append("  ")
          .append(Plain.line(member.node().host().specification()));
      member
          .facts()
          .failure()
          .ifPresent(why -> text.append("  ").append(Paint.RED.on(style, "not reached")));
      text.append('\n');
    }
    List<String> services = Summary.services(report);
    if (!services.isEmpty()) {
      text.append("services  ").append(Plain.line(String.join(", ", services))).append('\n');
    }
  }

  private void section(StringBuilder text, String title, List<Finding> findings) {
    if (findings.isEmpty()) {
      return;
    }
    text.append('\n').append(Paint.BOLD.on(style, title)).append('\n');
    findings.forEach(finding -> whole(text, finding));
  }

  private void lines(StringBuilder text, String title, List<Finding> findings) {
    if (findings.isEmpty()) {
      return;
    }
    text.append('\n').append(Paint.BOLD.on(style, title)).append('\n');
    for (Finding finding : findings) {
      text.append("  ");
      first(text, finding);
    }
  }

  private void first(StringBuilder text, Finding finding) {
    text.append(Paint.of(finding.status()).on(style, finding.status().name()))
        .append(' ')
        .append(finding.code())
        .append(' ')
        .append(Plain.line(finding.host()))
        .append(": ")
        .append(Plain.line(finding.observed()))
        .append('\n');
  }

  private void whole(StringBuilder text, Finding finding) {
    text.append('\n');
    first(text, finding);
    if (!finding.expected().isEmpty()) {
      field(text, "expected", finding.expected());
    }
    if (finding.status() != Status.ERROR) {
      field(text, "why", finding.check().why());
    }
    if (!finding.causedBy().isEmpty()) {
      field(text, "cause", String.join(", ", finding.causedBy()));
    }
    for (Evidence evidence : finding.evidence()) {
      field(text, "seen in", evidence.source());
      List<String> excerpt = evidence.excerpt().lines().toList();
      excerpt.stream()
          .limit(EVIDENCE_LINES)
          .forEach(line -> text.append("              | ").append(Plain.line(line)).append('\n'));
      if (excerpt.size() > EVIDENCE_LINES) {
        text.append("              | ... ")
            .append(excerpt.size() - EVIDENCE_LINES)
            .append(" more lines\n");
      }
    }
    finding.remedy().ifPresent(remedy -> remedy(text, remedy));
    field(text, "more", "lvstun-doctor explain " + finding.code());
  }

  private void remedy(StringBuilder text, Remedy remedy) {
    field(text, "remedy", remedy.text());
    for (HostChange action : remedy.actions()) {
      String step = Plain.line(Summary.text(action));
      text.append("              ")
          .append(action.command().isEmpty() ? "- " + step : Paint.BOLD.on(style, "# " + step))
          .append('\n');
    }
    for (PersistentLine line : remedy.persistent()) {
      field(text, "to last", Plain.line(line.file()) + ": " + Plain.line(line.line()));
    }
    if (remedy.risk() != Risk.SAFE && remedy.risk() != Risk.MANUAL) {
      field(text, "risk", remedy.risk().name().toLowerCase(Locale.ROOT));
    }
  }

  private void field(StringBuilder text, String name, String value) {
    text.append("    ")
        .append(Paint.DIM.on(style, String.format(Locale.ROOT, "%-9s", name)))
        .append(' ')
        .append(Wrapping.at(Plain.line(value), 14, 100))
        .append('\n');
  }

  private void timing(StringBuilder text, Report report) {
    text.append('\n').append(Paint.BOLD.on(style, "Timing")).append('\n');
    for (Member member : report.cluster().members()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-20s %6d ms, %d round trips%n",
              Plain.line(member.name()),
              member.facts().took().toMillis(),
              member.facts().roundTrips()));
    }
    double millis = report.analysisTook().toNanos() / 1e6;
    text.append(
        String.format(
            Locale.ROOT,
            "  %-20s %9.2f ms, %.2f ms a host%n  %-20s %6d ms%n",
            "analysis",
            millis,
            millis / Math.max(1, report.cluster().members().size()),
            "all",
            report.took().toMillis()));
  }

  private static void counts(StringBuilder text, Report report) {
    StringBuilder counts = new StringBuilder();
    for (Status status :
        List.of(Status.FAIL, Status.WARN, Status.ERROR, Status.PASS, Status.SKIP)) {
      counts
          .append(counts.isEmpty() ? "" : ", ")
          .append(report.findings(status).size())
          .append(' ')
          .append(status.name());
    }
    text.append('\n').append(counts).append('\n');
  }

  private void verdict(StringBuilder text, Report report) {
    text.append(
            Paint.of(report.verdict())
                .on(style, "VERDICT " + report.verdict() + ": " + Plain.line(Summary.of(report))))
        .append('\n');
  }
}
