// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.diagnostics.Category;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Report;
import io.lvstun.diagnostics.Risk;
import io.lvstun.diagnostics.Status;
import io.lvstun.diagnostics.host.Host;
import io.lvstun.diagnostics.repair.Durability;
import io.lvstun.diagnostics.repair.Repair;
import io.lvstun.diagnostics.repair.RepairResult;
import io.lvstun.diagnostics.repair.StepResult;
import io.lvstun.diagnostics.repair.Undo;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cluster that is healthy, is broken on purpose, examined, and made whole again. */
final class Patient implements AutoCloseable {

  /** Long enough for what flows; what is dropped is waited for in vain. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Set<Category> PATH =
      EnumSet.of(
          Category.HOST,
          Category.KERNEL,
          Category.TUNNEL,
          Category.REVERSE_PATH,
          Category.ARP,
          Category.FIREWALL,
          Category.MTU,
          Category.IPV6);

  private final Topology cluster;
  private final Director director;
  private final io.lvstun.diagnostics.Topology topology;
  private @Nullable Service service;

  Patient(Topology cluster) {
    this.cluster = cluster;
    director = Director.builder().networkNamespace("director").open();
    io.lvstun.diagnostics.Topology.Builder builder =
        io.lvstun.diagnostics.Topology.builder()
            .director("director", Host.netns("director"))
            .vantage("client", Host.netns("client"));
    cluster
        .realServers()
        .forEach(server -> builder.realServer(server.name(), Host.netns(server.name())));
    topology = builder.build();
  }

  Topology cluster() {
    return cluster;
  }

  /** Gives the director this service, if it has another one. */
  void apply(Service wanted) {
    if (wanted != service) {
      director.replaceAll(List.of(wanted.on(cluster)));
      service = wanted;
    }
  }

  Examination examination() {
    return Doctor.examine(topology).sample(Duration.ofSeconds(1)).deadline(Duration.ofSeconds(120));
  }

  /**
   * What is wrong, or could not be looked at; empty if all is well. Warnings about how IPVS, the
   * kernel and the cards are tuned are true of a cluster as it comes, and are left out.
   */
  static String wrong(Report report) {
    return report.findings().stream()
        .filter(finding -> finding.status() == Status.FAIL || concerns(finding))
        .map(
            finding -> finding + (finding.rootCause() ? " (root cause)" : " " + finding.causedBy()))
        .collect(Collectors.joining("\n"));
  }

  boolean flows(Traffic traffic) {
    return traffic.flows(cluster, PATIENCE);
  }

  /** Breaks one thing, sees what the doctor says of it, and makes it whole again. */
  void inject(Fault fault) {
    apply(fault.service());
    List<String> problems = new ArrayList<>();
    try {
      run(fault.before());
      run(fault.inject());
      boolean flows = fault.traffic().flows(cluster, fault.harm() ? SHORT : PATIENCE);
      if (flows == fault.harm()) {
        problems.add(flows ? "clients are served all the same" : "clients are not served");
      }
      Report report = examination().run();
      problems.addAll(differences(fault, report));
      if (!problems.isEmpty()) {
        problems.add("found:\n" + wrong(report));
      }
    } finally {
      run(fault.undo());
    }
    if (!flows(fault.traffic())) {
      problems.add("clients are not served after it was undone");
    }
    assertThat(String.join("\n", problems)).as(fault.name()).isEmpty();
  }

  /**
   * Breaks one thing, lets the doctor put it right, takes that back, and makes it whole again.
   * Clients must be served after the repair, and must not be after it was taken back.
   */
  void repair(Fault fault) {
    apply(fault.service());
    List<String> problems = new ArrayList<>();
    try {
      run(fault.before());
      run(fault.inject());
      RepairResult result =
          Repair.of(examination())
              .allowing(Risk.ADDRESS, Risk.FIREWALL)
              .durability(Durability.none())
              .run();
      String steps =
          result.steps().stream().map(StepResult::toString).collect(Collectors.joining("\n"));
      if (!flows(fault.traffic())) {
        problems.add("clients are not served after the repair:\n" + steps);
      }
      String after = wrong(result.after());
      if (!after.isEmpty()) {
        problems.add("wrong after the repair:\n" + after + "\n" + steps);
      }
      List<StepResult> undone = Undo.on(topology).latest();
      if (fault.harm() && fault.traffic().flows(cluster, SHORT)) {
        problems.add("the fault did not come back: " + undone);
      }
    } finally {
      run(fault.undo());
    }
    if (!flows(fault.traffic())) {
      problems.add("clients are not served after it was undone");
    }
    assertThat(String.join("\n", problems)).as(fault.name()).isEmpty();
  }

  private void run(List<Fault.Step> steps) {
    for (Fault.Step step : steps) {
      cluster.host(step.host()).run("sh", "-ec", step.command());
    }
  }

  /** How what was found differs from what must be. */
  private static List<String> differences(Fault fault, Report report) {
    List<String> problems = new ArrayList<>();
    List<Finding> wrong = report.findings().stream().filter(Finding::wrong).toList();
    for (Fault.Expected expected : fault.expected()) {
      if (wrong.stream().noneMatch(finding -> matches(finding, expected))) {
        problems.add("not found: " + expected);
      }
    }
    if (wrong.isEmpty()
        || !wrong.get(0).rootCause()
        || fault.expected().stream().noneMatch(expected -> matches(wrong.get(0), expected))) {
      problems.add("the first root cause is " + wrong.stream().findFirst().orElse(null));
    }
    Set<String> codes =
        fault.expected().stream()
            .map(Fault.Expected::code)
            .collect(Collectors.toCollection(TreeSet::new));
    codes.addAll(fault.also());
    for (Finding finding : wrong) {
      // What follows from the fault is explained by it.
      boolean unexplained = finding.rootCause() || finding.status() == Status.WARN;
      if (!codes.contains(finding.code())
          && unexplained
          && (finding.status() == Status.FAIL || concerns(finding))) {
        problems.add("unrelated: " + finding);
      }
    }
    return problems;
  }

  /** Whether it is not as it should be on the packets' way. */
  private static boolean concerns(Finding finding) {
    return PATH.contains(finding.check().category())
        && (finding.wrong() || finding.status() == Status.ERROR);
  }

  private static boolean matches(Finding finding, Fault.Expected expected) {
    return finding.code().equals(expected.code())
        && finding.host().equals(expected.host())
        && finding.status() == expected.status();
  }

  @Override
  public void close() {
    director.close();
    cluster.close();
  }
}
