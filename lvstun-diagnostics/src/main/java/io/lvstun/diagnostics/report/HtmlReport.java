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
import io.lvstun.diagnostics.script.BundledText;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A report as one page that needs nothing else: no script, no picture, no font from elsewhere. Its
 * content security policy forbids everything but its own style sheet.
 */
final class HtmlReport {

  private static final String STYLE = BundledText.beside(HtmlReport.class, "report.css");

  /** More hosts than this are listed only on demand. */
  private static final int HOSTS = 10;

  private static final int VARIANTS = 5;

  private final Html html = new Html();
  private final Report report;

  private HtmlReport(Report report) {
    this.report = report;
  }

  static String write(Report report) {
    HtmlReport page = new HtmlReport(report);
    page.head();
    page.cluster();
    page.findings();
    return page.html.raw("</main>\n</body>\n</html>\n").toString();
  }

  private static String policy() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(STYLE.getBytes(StandardCharsets.UTF_8));
      return "default-src 'none'; style-src 'sha256-"
          + Base64.getEncoder().encodeToString(hash)
          + "'; base-uri 'none'; form-action 'none'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void head() {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .raw(policy())
        .raw("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
        .text("lvstun-doctor: " + report.verdict())
        .raw("</title>\n<style>")
        .raw(STYLE)
        .raw("</style>\n</head>\n<body>\n<main>\n<h1>lvstun-doctor</h1>\n")
        .element("p", "verdict " + report.verdict(), report.verdict() + ": " + Summary.of(report));
    String counts =
        List.of(Status.FAIL, Status.WARN, Status.ERROR, Status.PASS, Status.SKIP).stream()
            .map(status -> report.findings(status).size() + " " + status)
            .collect(Collectors.joining(", "));
    html.element(
        "p",
        "meta",
        report.at().truncatedTo(ChronoUnit.SECONDS)
            + ", "
            + report.took().toMillis()
            + " ms. "
            + counts
            + ".");
  }

  private void cluster() {
    html.raw("<h2>The cluster</h2>\n<figure>\n");
    String legend = new Diagram(report).draw(html);
    html.element("figcaption", "", legend).raw("</figure>\n");
    int hosts = report.cluster().members().size();
    if (hosts > HOSTS) {
      html.raw("<details class=\"hosts\">\n").element("summary", "", "All " + hosts + " hosts");
    }
    html.raw("<ul class=\"hosts\">\n");
    for (Member member : report.cluster().members()) {
      html.raw("<li><strong>")
          .text(member.name())
          .raw("</strong> <span class=\"meta\">")
          .text(Summary.roles(member) + ", " + member.node().host().specification())
          .raw("</span>");
      member
          .facts()
          .failure()
          .ifPresent(why -> html.raw(" <span class=\"FAIL\">").text(why).raw("</span>"));
      html.raw("</li>\n");
    }
    html.raw("</ul>\n");
    if (hosts > HOSTS) {
      html.raw("</details>\n");
    }
    List<String> services = Summary.services(report);
    if (!services.isEmpty()) {
      html.element("p", "meta", "Services: " + String.join(", ", services));
    }
  }

  private void findings() {
    section("Root causes", report.rootCauses(), true);
    section(
        "What follows from them",
        report.findings().stream().filter(f -> f.wrong() && !f.rootCause()).toList(),
        false);
    section("Could not look", report.findings(Status.ERROR), false);
    section(
        "Good to know",
        report.findings(Status.PASS).stream().filter(Finding::notable).toList(),
        false);
    section(
        "As it should be",
        report.findings(Status.PASS).stream().filter(finding -> !finding.notable()).toList(),
        false);
    section("Does not apply", report.findings(Status.SKIP), false);
  }

  private void section(String title, List<Finding> findings, boolean open) {
    if (findings.isEmpty()) {
      return;
    }
    List<FindingGroup> groups = FindingGroup.of(report.cluster(), findings);
    html.element("h2", "", title + " (" + groups.size() + ")");
    groups.forEach(group -> finding(group, open));
  }

  private void finding(FindingGroup group, boolean open) {
    Finding finding = group.first();
    html.raw(open ? "<details open=\"\">\n<summary>" : "<details>\n<summary>")
        .raw("<span class=\"status " + finding.status() + "\">")
        .text(finding.status().name())
        .raw("</span><code>")
        .text(finding.code())
        .raw("</code><strong>")
        .text(HostNames.few(group.hosts()))
        .raw("</strong> ")
        .text(HostNames.shortened(finding.observed()))
        .raw("</summary>\n<div>\n<dl>\n");
    if (group.several()) {
      field("Hosts", HostNames.all(group.hosts()));
      group.variants(Finding::observed).entrySet().stream()
          .skip(1)
          .limit(VARIANTS)
          .forEach(one -> field("On " + HostNames.few(one.getValue()), one.getKey()));
    }
    if (!HostNames.shortened(finding.observed()).equals(finding.observed())) {
      field("In full", finding.observed());
    }
    field("All is well if", finding.check().title());
    field("Expected", finding.expected());
    if (finding.status() != Status.SKIP) {
      field("Why it matters", finding.check().why());
    }
    if (finding.wrong()) {
      field("Symptom", finding.check().symptom());
    }
    field("Explained by", String.join(", ", finding.causedBy()));
    field("Blocked by", String.join(", ", finding.blockedBy()));
    for (Evidence evidence : finding.evidence()) {
      html.element(
              "dt",
              "",
              "Seen in " + evidence.source() + (group.several() ? " of " + finding.host() : ""))
          .raw("<dd>");
      html.lines(evidence.excerpt()).raw("</dd>\n");
    }
    finding.remedy().ifPresent(remedy -> remedy(remedy, group));
    html.raw("</dl>\n<p class=\"meta\"><a rel=\"noreferrer\" href=\"")
        .text(finding.check().documentation())
        .raw("\">")
        .text(finding.code() + " in the documentation")
        .raw("</a></p>\n</div>\n</details>\n");
  }

  private void remedy(Remedy remedy, FindingGroup group) {
    String risk =
        remedy.risk() == Risk.MANUAL || remedy.risk() == Risk.SAFE
            ? ""
            : " (risk: " + remedy.risk().name().toLowerCase(Locale.ROOT) + ")";
    field("Remedy" + risk, remedy.text());
    Map<String, List<String>> forms = group.variants(HtmlReport::commands);
    forms.entrySet().stream()
        .filter(form -> !form.getKey().isEmpty())
        .limit(VARIANTS)
        .forEach(
            form -> {
              String where = forms.size() > 1 ? " on " + HostNames.few(form.getValue()) : "";
              html.element("dt", "", "Now" + where).raw("<dd>");
              html.lines(form.getKey()).raw("</dd>\n");
            });
    if (forms.size() > VARIANTS) {
      field("And", "the like on the other hosts; the JSON report has each host's commands");
    }
    for (HostChange action : remedy.actions()) {
      if (action.command().isEmpty()) {
        field("By hand", Summary.text(action));
      }
    }
    String of =
        group.variants(HtmlReport::lasting).size() > 1
            ? " of " + group.first().host() + ", and the like on the others"
            : "";
    for (PersistentLine line : remedy.persistent()) {
      html.element("dt", "", "To last over a reboot: " + line.file() + of).raw("<dd>");
      html.lines(line.line()).raw("</dd>\n");
    }
  }

  private static String lasting(Finding finding) {
    return finding.remedy().map(remedy -> remedy.persistent().toString()).orElse("");
  }

  private static String commands(Finding finding) {
    return finding.remedy().map(Remedy::actions).orElse(List.of()).stream()
        .filter(action -> !action.command().isEmpty())
        .map(Summary::text)
        .map(ForeignText::line)
        .collect(Collectors.joining("\n"));
  }

  private void field(String name, String value) {
    if (!value.isEmpty()) {
      html.element("dt", "", name).element("dd", "", value);
    }
  }
}
