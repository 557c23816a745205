// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.ForeignText;
import io.lvstun.diagnostics.model.Evidence;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.PersistentLine;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes reports for people: what is wrong first, causes before what follows from them, and the
 * verdict in the last line.
 *
 * @since 0.1.0
 */
public final class TextReport {

  private static final int EVIDENCE_LINES = 6;

  /** More hosts than this are listed by role. */
  private static final int HOSTS = 10;

  private static final int SERVICES = 12;
  private static final int VARIANTS = 3;

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
    if (style.detail() == Detail.BRIEF) {
      groups(report, report.rootCauses()).forEach(group -> first(text, group, false));
      groups(report, report.findings(Status.ERROR)).forEach(group -> first(text, group, false));
      verdict(text, report);
      return text.toString();
    }
    head(text, report);
    section(text, "Root causes", groups(report, wrong(report, true)));
    section(text, "What follows from them", groups(report, wrong(report, false)));
    section(text, "Could not look", groups(report, report.findings(Status.ERROR)));
    lines(
        text,
        "Good to know",
        groups(report, report.findings(Status.PASS).stream().filter(Finding::notable).toList()));
    if (style.detail() == Detail.ALL) {
      lines(
          text,
          "As it should be",
          groups(
              report,
              report.findings(Status.PASS).stream()
                  .filter(finding -> !finding.notable())
                  .toList()));
      lines(text, "Does not apply", groups(report, report.findings(Status.SKIP)));
    }
    if (style.timing()) {
      timing(text, report);
    }
    counts(text, report);
    verdict(text, report);
    return text.toString();
  }

  private static List<FindingGroup> groups(Report report, List<Finding> findings) {
    return FindingGroup.of(report.cluster(), findings);
  }

  private static List<Finding> wrong(Report report, boolean root) {
    return report.findings().stream()
        .filter(finding -> finding.wrong() && finding.rootCause() == root)
        .toList();
  }

  private void head(StringBuilder text, Report report) {
    List<Member> members = report.cluster().members();
    if (members.size() > HOSTS) {
      manyHosts(text, members);
    } else {
      for (Member member : members) {
        text.append(ForeignText.line(member.name()))
            .append("  ")
            .append(Summary.roles(member))
            .append("  ")
            .append(ForeignText.line(member.node().host().specification()));
        member
            .facts()
            .failure()
            .ifPresent(why -> text.append("  ").append(Paint.RED.on(style, "not reached")));
        text.append('\n');
      }
    }
    List<String> services = Summary.services(report);
    if (!services.isEmpty()) {
      List<String> shown = services.subList(0, Math.min(SERVICES, services.size()));
      text.append("services  ").append(ForeignText.line(String.join(", ", shown)));
      if (shown.size() < services.size()) {
        text.append(" and ").append(services.size() - shown.size()).append(" more");
      }
      text.append('\n');
    }
  }

  private void manyHosts(StringBuilder text, List<Member> members) {
    Map<String, List<String>> byRoles = new LinkedHashMap<>();
    List<String> silent = new ArrayList<>();
    for (Member member : members) {
      byRoles.computeIfAbsent(Summary.roles(member), roles -> new ArrayList<>()).add(member.name());
      if (member.facts().failure().isPresent()) {
        silent.add(member.name());
      }
    }
    byRoles.forEach(
        (roles, names) ->
            text.append(roles)
                .append("  ")
                .append(
                    Wrapping.at(ForeignText.line(HostNames.all(names)), roles.length() + 2, 100))
                .append("  (" + names.size() + ")\n"));
    if (!silent.isEmpty()) {
      text.append(Paint.RED.on(style, "not reached"))
          .append("  ")
          .append(Wrapping.at(ForeignText.line(HostNames.all(silent)), 13, 100))
          .append('\n');
    }
  }

  private void section(StringBuilder text, String title, List<FindingGroup> groups) {
    if (groups.isEmpty()) {
      return;
    }
    text.append('\n').append(Paint.BOLD.on(style, title)).append('\n');
    groups.forEach(group -> whole(text, group));
  }

  private void lines(StringBuilder text, String title, List<FindingGroup> groups) {
    if (groups.isEmpty()) {
      return;
    }
    text.append('\n').append(Paint.BOLD.on(style, title)).append('\n');
    for (FindingGroup group : groups) {
      text.append("  ");
      first(text, group, true);
    }
  }

  /** The line that a finding begins with; of many hosts, those that it does not list follow. */
  private void first(StringBuilder text, FindingGroup group, boolean alone) {
    Finding finding = group.first();
    text.append(Paint.of(finding.status()).on(style, finding.status().name()))
        .append(' ')
        .append(finding.code())
        .append(' ')
        .append(ForeignText.line(HostNames.few(group.hosts())))
        .append(": ")
        .append(ForeignText.line(HostNames.shortened(finding.observed())));
    int others = group.variants(Finding::observed).size() - 1;
    if (alone && others > 0) {
      text.append(" (on ").append(ForeignText.line(finding.host())).append("; the others alike)");
    }
    text.append('\n');
  }

  private void whole(StringBuilder text, FindingGroup group) {
    Finding finding = group.first();
    text.append('\n');
    first(text, group, false);
    hosts(text, group);
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
      field(text, "seen in", evidence.source() + (group.several() ? " of " + finding.host() : ""));
      List<String> excerpt = evidence.excerpt().lines().toList();
      excerpt.stream()
          .limit(EVIDENCE_LINES)
          .forEach(
              line -> text.append("              | ").append(ForeignText.line(line)).append('\n'));
      if (excerpt.size() > EVIDENCE_LINES) {
        text.append("              | ... ")
            .append(excerpt.size() - EVIDENCE_LINES)
            .append(" more lines\n");
      }
    }
    finding.remedy().ifPresent(remedy -> remedy(text, remedy, group));
    field(text, "more", "lvstun-doctor explain " + finding.code());
  }

  /** Which hosts it is about, and what differs among them. */
  private void hosts(StringBuilder text, FindingGroup group) {
    if (!group.several()) {
      return;
    }
    if (!HostNames.few(group.hosts()).equals(HostNames.all(group.hosts()))) {
      field(text, "hosts", HostNames.all(group.hosts()));
    }
    Map<String, List<String>> variants = group.variants(Finding::observed);
    variants.entrySet().stream()
        .skip(1)
        .limit(VARIANTS)
        .forEach(
            one ->
                field(
                    text,
                    "also",
                    HostNames.few(one.getValue()) + ": " + HostNames.shortened(one.getKey())));
    more(text, variants.size() - 1 - VARIANTS, "wordings");
  }

  private static void more(StringBuilder text, int number, String what) {
    if (number > 0) {
      text.append("              ... ")
          .append(number)
          .append(" more ")
          .append(what)
          .append("; --output json has each host's\n");
    }
  }

  private void remedy(StringBuilder text, Remedy remedy, FindingGroup group) {
    field(text, "remedy", remedy.text());
    Map<String, List<String>> commands = group.variants(this::commands);
    commands.entrySet().stream()
        .limit(VARIANTS)
        .forEach(
            one -> {
              if (commands.size() > 1) {
                field(text, "on", HostNames.few(one.getValue()));
              }
              text.append(one.getKey());
            });
    more(text, commands.size() - VARIANTS, "forms of these commands");
    if (remedy.risk() != Risk.SAFE && remedy.risk() != Risk.MANUAL) {
      field(text, "risk", remedy.risk().name().toLowerCase(Locale.ROOT));
    }
  }

  private String commands(Finding finding) {
    StringBuilder text = new StringBuilder();
    if (finding.remedy().isEmpty()) {
      return "";
    }
    for (HostChange action : finding.remedy().get().actions()) {
      String step = ForeignText.line(Summary.text(action));
      text.append("              ")
          .append(action.command().isEmpty() ? "- " + step : Paint.BOLD.on(style, "# " + step))
          .append('\n');
    }
    for (PersistentLine line : finding.remedy().get().persistent()) {
      field(text, "to last", ForeignText.line(line.file()) + ": " + ForeignText.line(line.line()));
    }
    return text.toString();
  }

  private void field(StringBuilder text, String name, String value) {
    text.append("    ")
        .append(Paint.DIM.on(style, String.format(Locale.ROOT, "%-9s", name)))
        .append(' ')
        .append(Wrapping.at(ForeignText.line(value), 14, 100))
        .append('\n');
  }

  private void timing(StringBuilder text, Report report) {
    text.append('\n').append(Paint.BOLD.on(style, "Timing")).append('\n');
    for (Member member : report.cluster().members()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-20s %6d ms, %d round trips%n",
              ForeignText.line(member.name()),
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
                .on(
                    style,
                    "VERDICT " + report.verdict() + ": " + ForeignText.line(Summary.of(report))))
        .append('\n');
  }
}
