// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.model.Category;
import io.lvstun.diagnostics.model.Check;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Checks as the page {@code docs/reference/checks.md}, whose anchors are the codes. */
final class CatalogueMarkdown {

  private static final String HEAD =
      """
      # The checks of lvstun-doctor

      <!-- Written by `lvstun-doctor explain --output markdown`; a test compares. -->

      What the doctor looks at: CHECKS checks in GROUPS groups. Codes are stable; `lvstun-doctor explain CODE`
      shows the same offline. [Options, forms of output and exit status](doctor.md) ·
      [LVS-TUN does not work](../guides/troubleshooting.md)

      """;

  private CatalogueMarkdown() {}

  static String write(List<Check> checks) {
    long groups = checks.stream().map(Check::category).distinct().count();
    StringBuilder text =
        new StringBuilder(
            HEAD.replace("CHECKS", Integer.toString(checks.size()))
                .replace("GROUPS", Long.toString(groups)));
    contents(text, checks);
    for (Category category : Category.values()) {
      List<Check> members = of(category, checks);
      if (!members.isEmpty()) {
        text.append("\n## ").append(category.title()).append('\n');
        members.forEach(check -> check(text, check));
      }
    }
    return text.toString();
  }

  private static List<Check> of(Category category, List<Check> checks) {
    return checks.stream().filter(check -> check.category() == category).toList();
  }

  private static void contents(StringBuilder text, List<Check> checks) {
    text.append(
        "| Code | Severity | Looks at | Holds if all is well |\n| --- | --- | --- | --- |\n");
    for (Category category : Category.values()) {
      for (Check check : of(category, checks)) {
        text.append("| ")
            .append(link(check.code()))
            .append(" | ")
            .append(severity(check))
            .append(" | ")
            .append(roles(check))
            .append(" | ")
            .append(plain(check.title()).replace("|", "\\|"))
            .append(" |\n");
      }
    }
  }

  private static void check(StringBuilder text, Check check) {
    text.append("\n### ").append(check.code()).append("\n\n");
    text.append("**").append(plain(check.title())).append("** (`").append(check.slug());
    text.append("`)\n\n");
    item(text, "Severity", severity(check) + "; looks at: " + roles(check));
    item(text, "Symptom", plain(check.symptom()));
    item(text, "Why", plain(check.why()));
    item(text, "Remedy", plain(check.remedy()));
    item(text, "Skipped if one of these failed", links(check.dependsOn()));
    item(text, "May be the result of", links(check.symptomOf()));
    item(text, "Known from", plain(check.source()));
  }

  private static void item(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      String item = "- " + name + ": " + value;
      text.append(Wrapping.at(item, 2, 100)).append('\n');
    }
  }

  private static String severity(Check check) {
    return check.severity().name().toLowerCase(Locale.ROOT);
  }

  private static String roles(Check check) {
    return check.roles().stream().sorted().map(Role::toString).collect(Collectors.joining(", "));
  }

  private static String links(List<String> codes) {
    return codes.stream().map(CatalogueMarkdown::link).collect(Collectors.joining(", "));
  }

  private static String link(String code) {
    return "[" + code + "](#" + code.toLowerCase(Locale.ROOT) + ")";
  }

  /** What Markdown or HTML would understand stands for itself. */
  private static String plain(String text) {
    return text.replace("\\", "\\\\")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("`", "\\`")
        .replace("[", "\\[");
  }
}
