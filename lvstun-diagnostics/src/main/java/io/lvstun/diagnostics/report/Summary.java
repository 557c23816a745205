// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.Action;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Report;
import io.lvstun.diagnostics.Status;
import java.util.List;
import java.util.stream.Collectors;

/** What all forms of a report say in the same words. */
final class Summary {

  private Summary() {}

  /** The verdict in one sentence. */
  static String of(Report report) {
    int hosts = report.cluster().members().size();
    String where = hosts == 1 ? "1 host" : hosts + " hosts";
    List<Finding> broken = report.findings(Status.FAIL);
    int failed = broken.size();
    int warned = report.findings(Status.WARN).size();
    int errors = report.findings(Status.ERROR).size();
    int passed = report.findings(Status.PASS).size();
    return switch (report.verdict()) {
      case FAIL ->
          "broken: "
              + count(failed, "check fails", "checks fail")
              + " on "
              + where
              + roots(report, broken);
      case WARN -> "nothing is broken; " + count(warned, "warning", "warnings") + " on " + where;
      case ERROR ->
          "nothing is known to be broken, but "
              + count(errors, "check", "checks")
              + " could not look, on "
              + where;
      case PASS ->
          "nothing is wrong: " + count(passed, "check passes", "checks pass") + " on " + where;
    };
  }

  private static String roots(Report report, List<Finding> broken) {
    String roots =
        report.rootCauses().stream()
            .filter(broken::contains)
            .map(finding -> finding.code() + " on " + finding.host())
            .distinct()
            .limit(3)
            .collect(Collectors.joining(", "));
    return roots.isEmpty() ? "" : "; begin with " + roots;
  }

  private static String count(int number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  /** The services, each as {@code TCP 192.168.1.200:80}. */
  static List<String> services(Report report) {
    return report.cluster().serviceKeys().stream().map(Object::toString).toList();
  }

  /** A step of a remedy: the command, or what a person is to do. */
  static String text(Action action) {
    return action instanceof Action.Manual manual ? manual.text() : action.text();
  }
}
