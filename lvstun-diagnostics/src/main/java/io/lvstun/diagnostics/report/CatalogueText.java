// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.model.Category;
import io.lvstun.diagnostics.model.Check;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Checks as text: a line each, or all that is known of them. */
final class CatalogueText {

  private CatalogueText() {}

  static String list(List<Check> checks) {
    StringBuilder text = new StringBuilder();
    for (Category category : Category.values()) {
      List<Check> members = checks.stream().filter(check -> check.category() == category).toList();
      if (members.isEmpty()) {
        continue;
      }
      text.append(text.isEmpty() ? "" : "\n").append(category.title()).append('\n');
      for (Check check : members) {
        text.append(
            String.format(
                Locale.ROOT, "  %-8s %-4s  %s%n", check.code(), check.severity(), check.title()));
      }
    }
    return text.toString();
  }

  static String whole(List<Check> checks) {
    StringBuilder text = new StringBuilder();
    for (Check check : checks) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(check.code())
          .append("  ")
          .append(check.title())
          .append('\n');
      field(text, "name", check.slug());
      field(text, "group", check.category().title());
      field(text, "severity", check.severity().name().toLowerCase(Locale.ROOT));
      field(
          text,
          "looks at",
          check.roles().stream().sorted().map(Object::toString).collect(Collectors.joining(", ")));
      field(text, "symptom", check.symptom());
      field(text, "why", check.why());
      field(text, "remedy", check.remedy());
      field(text, "skipped if", failing(check.dependsOn()));
      field(text, "result of", String.join(", ", check.symptomOf()));
      field(text, "known from", check.source());
      field(text, "more", check.documentation());
    }
    return text.toString();
  }

  private static String failing(List<String> codes) {
    return codes.isEmpty() ? "" : String.join(", ", codes) + " failed";
  }

  private static void field(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append("  ")
          .append(String.format(Locale.ROOT, "%-11s", name))
          .append(Wrapping.at(value, 13, 96))
          .append('\n');
    }
  }
}
