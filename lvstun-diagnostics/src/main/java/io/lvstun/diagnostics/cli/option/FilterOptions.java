// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Which checks are run, and which findings are reported.
 *
 * @since 0.1.0
 */
public final class FilterOptions {

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--only",
      paramLabel = "CODE",
      split = ",",
      description =
          "Run these checks only: RPF-001, a group as RPF, or a name as decap-rp-filter. What they"
              + " depend on is run as well, and reported if it fails.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--skip",
      paramLabel = "CODE",
      split = ",",
      description = "Leave these out; what depends on them is looked at still.")
  private List<String> skip = new ArrayList<>();

  @Option(
      names = "--min-severity",
      paramLabel = "LEVEL",
      description = "Run checks of this severity and above: info, warn or fail.")
  private Severity severity = Severity.INFO;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      split = ",",
      description = "Report on these hosts only, by their names in the report; or cluster.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      split = ",",
      description = "Report on these only: director, real-server, vantage, cluster.")
  private List<String> roles = new ArrayList<>();

  /** Refuses what does not exist, so that a slip of the pen does not look like a clean report. */
  public void validate(Topology topology) {
    for (String code : only) {
      known("--only", code);
    }
    for (String code : skip) {
      known("--skip", code);
    }
    var unused = roles();
    for (String host : hosts) {
      if (!host.equals(Finding.CLUSTER) && topology.node(host).isEmpty()) {
        throw refused(
            "--host: there is no "
                + host
                + " among "
                + topology.nodes().stream().map(node -> node.name()).toList());
      }
    }
  }

  private void known(String option, String code) {
    if (Catalogue.checks().stream().noneMatch(check -> matches(check, code))) {
      throw refused(
          option + ": there is no check " + code + "; lvstun-doctor explain lists them all");
    }
  }

  private Set<Role> roles() {
    Set<Role> set = EnumSet.noneOf(Role.class);
    for (String text : roles) {
      @Nullable Role found = null;
      for (Role role : Role.values()) {
        if (role.toString().equals(text.toLowerCase(Locale.ROOT).replace('_', '-'))) {
          found = role;
        }
      }
      if (found == null) {
        throw refused(
            "--role must be one of "
                + Arrays.stream(Role.values()).map(Role::toString).collect(Collectors.joining(", "))
                + ", not "
                + text);
      }
      set.add(found);
    }
    return set;
  }

  /** Whether a check is to be run. */
  public boolean selects(Check check) {
    return check.severity().compareTo(severity) >= 0
        && (only.isEmpty() || only.stream().anyMatch(code -> matches(check, code)))
        && skip.stream().noneMatch(code -> matches(check, code));
  }

  public static boolean matches(Check check, String text) {
    String code = text.toUpperCase(Locale.ROOT);
    return check.code().equals(code)
        || check.code().substring(0, check.code().indexOf('-')).equals(code)
        || check.slug().equals(text);
  }

  /** Leaves findings out. */
  public Report apply(Report report) {
    Set<Role> wanted = roles();
    return report.filtered(
        finding ->
            skip.stream().noneMatch(code -> matches(finding.check(), code))
                && (hosts.isEmpty() || hosts.contains(finding.host()))
                && (wanted.isEmpty() || hasRole(report, finding, wanted)));
  }

  private static boolean hasRole(Report report, Finding finding, Set<Role> wanted) {
    if (finding.host().equals(Finding.CLUSTER)) {
      return wanted.contains(Role.CLUSTER);
    }
    return report
        .cluster()
        .member(finding.host())
        .filter(member -> wanted.stream().anyMatch(member::is))
        .isPresent();
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
