// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.HostChange;
import io.lvstun.host.ManualChange;
import java.util.List;
import java.util.stream.Collectors;

/** What all forms of a report say in the same words. */
final class Summary {

  private Summary() {}

  /** The verdict in one sentence. */
  static String of(Report report) {
    int hosts = report.cluster().members().size();
    return switch (report.verdict()) {
      case FAIL ->
          "broken: "
              + count(report, Status.FAIL, "check fails", "checks fail")
              + where(report, Status.FAIL)
              + roots(report);
      case WARN ->
          "nothing is broken, but "
              + count(report, Status.WARN, "thing", "things")
              + " could be better"
              + where(report, Status.WARN);
      case ERROR ->
          "nothing is known to be broken, but "
              + count(report, Status.ERROR, "check", "checks")
              + " could not look"
              + where(report, Status.ERROR);
      case PASS ->
          "nothing is wrong: "
              + count(report, Status.PASS, "check passes", "checks pass")
              + " on "
              + (hosts == 1 ? "1 host" : hosts + " hosts");
    };
  }

  /** On which host, or on how many. */
  private static String where(Report report, Status status) {
    List<String> hosts = report.findings(status).stream().map(Finding::host).distinct().toList();
    return hosts.size() == 1
        ? (hosts.get(0).equals(Finding.CLUSTER) ? " in the cluster" : " on " + hosts.get(0))
        : " on " + hosts.size() + " of " + report.cluster().members().size() + " hosts";
  }

  private static String roots(Report report) {
    List<Finding> failed =
        report.rootCauses().stream().filter(finding -> finding.status() == Status.FAIL).toList();
    String roots =
        FindingGroup.of(report.cluster(), failed).stream()
            .map(group -> group.first().code() + " on " + HostNames.few(group.hosts()))
            .distinct()
            .limit(3)
            .collect(Collectors.joining(", "));
    return roots.isEmpty() ? "" : "; begin with " + roots;
  }

  private static String count(Report report, Status status, String one, String many) {
    int number = report.findings(status).size();
    return number + " " + (number == 1 ? one : many);
  }

  /** The services, each as {@code TCP 192.168.1.200:80}. */
  static List<String> services(Report report) {
    return report.cluster().serviceKeys().stream().map(Object::toString).toList();
  }

  /** What a host is in the cluster. */
  static String roles(Member member) {
    return member.node().roles().stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** A step of a remedy: the command, or what a person is to do. */
  static String text(HostChange action) {
    return action instanceof ManualChange manual ? manual.text() : action.text();
  }
}
