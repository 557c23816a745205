// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.examples.doctor.DoctorRun.Found;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that is healthy, is broken on purpose, examined, repaired, and made whole again; the
 * doctor is asked by its runner's commands.
 */
final class Patient implements AutoCloseable {

  /** What is true of the lab's hosts, and no fault of theirs: each with its reason. */
  static final Map<String, String> TRUE_WARNINGS =
      Map.of(
          "KRN-005", "nothing in the lab is made to last over a reboot",
          "IPV-005", "connections of a server that is removed are not told",
          "IPV-013", "the kernel's default keeps them waiting",
          "NIC-001", "a wire of the lab has one queue",
          "NIC-003", "a wire of the lab has one queue",
          "SYS-005", "the kernel's default sends ICMP redirects");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Topology cluster;
  private final Director director;
  private @Nullable Service service;

  Patient(Topology cluster) {
    this.cluster = cluster;
    director = Director.builder().networkNamespace("director").open();
  }

  /** The tutorial's cluster, ready for tunnels of all kinds. */
  static Patient routed() {
    Patient patient = new Patient(Topology.tutorial().prepare(Preparation.tunnel().gue()).start());
    // As the tutorial's tuning has it: what real servers announce fits into every tunnel.
    patient.cluster.realServer(1).run("sh", "-c", Faults.CLAMP.formatted(2));
    patient.cluster.realServer(2).run("sh", "-c", Faults.CLAMP.formatted(3));
    return patient;
  }

  /** Director and real servers on one wire. */
  static Patient flat() {
    Patient patient = new Patient(Topology.flat(2).prepare(Preparation.tunnel()).start());
    for (LabHost server : patient.cluster.realServers()) {
      server.run(
          "nft",
          "add table ip mss; add chain ip mss out { type filter hook output priority mangle; };"
              + " add rule ip mss out tcp flags syn tcp option maxseg size set 1400");
    }
    return patient;
  }

  Topology cluster() {
    return cluster;
  }

  /** Takes the director's service away, so that something else can make it. */
  void clear() {
    director.flush();
    service = null;
  }

  /** Gives the director this service, if it has another one. */
  void apply(Service wanted) {
    if (wanted != service) {
      director.replaceAll(List.of(wanted.on(cluster)));
      service = wanted;
    }
  }

  /** Runs a command of the runner for these hosts of the cluster. */
  DoctorRun doctor(List<String> hosts, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    for (String host : hosts) {
      all.add(host.equals("director") ? "-d" : host.equals("client") ? "-c" : "-r");
      all.add(host + "=netns:" + host);
    }
    return DoctorRun.of(all);
  }

  /** What the doctor finds on these hosts. */
  List<Found> check(List<String> hosts, String... more) {
    List<String> arguments = new ArrayList<>(List.of("check", "-o", "json", "--deadline", "120s"));
    arguments.addAll(List.of(more));
    return doctor(hosts, arguments.toArray(new String[0])).findings();
  }

  /** The hosts of a cluster with a client that looks from outside. */
  List<String> everybody() {
    return List.of("director", "rs1", "rs2", "client");
  }

  /**
   * What is broken, is untrue, or could not be looked at; empty if the cluster is found healthy.
   */
  static String untrue(List<Found> findings) {
    return DoctorRun.lines(
        findings.stream()
            .filter(
                found ->
                    found.status().equals("FAIL")
                        || (Set.of("WARN", "ERROR").contains(found.status())
                            && !TRUE_WARNINGS.containsKey(found.code())))
            .toList());
  }

  boolean flows(Traffic traffic) {
    return traffic.flows(cluster, PATIENCE);
  }

  /**
   * Breaks one thing, checks that the doctor names it, and makes it whole again. Between them comes
   * the repair, see {@link #sufferAndRepair}, unless another fault stands for this one.
   */
  void suffer(Fault fault) {
    suffer(fault, !fault.isLikeAnother());
  }

  /**
   * Breaks one thing, checks that the doctor names it, lets it repair that and undo the repair, and
   * makes it whole again. Clients must be served after the repair, and must not be after the undo.
   */
  void sufferAndRepair(Fault fault) {
    suffer(fault, true);
  }

  private void suffer(Fault fault, boolean repair) {
    apply(fault.service());
    List<String> problems = new ArrayList<>();
    try {
      run(fault.before());
      run(fault.inject());
      harmed(fault, "broken").ifPresent(problems::add);
      List<Found> found =
          fault.probed().isEmpty()
              ? check(fault.examined(), "--sample", "1s", "--no-probes")
              : check(everybody(), "--sample", "1s");
      List<String> differences = differences(fault, found);
      problems.addAll(differences);
      if (!differences.isEmpty()) {
        problems.add("found:\n" + untrue(found));
      }
      if (repair) {
        problems.addAll(repaired(fault));
      }
    } finally {
      run(fault.undo());
    }
    run(fault.forget());
    if (!flows(fault.traffic())) {
      problems.add("clients are not served after it was undone");
    }
    assertThat(String.join("\n", problems)).as(fault.toString()).isEmpty();
  }

  /** Whether clients are served as little as they should be. */
  private Optional<String> harmed(Fault fault, String when) {
    run(fault.forget());
    boolean flows = fault.traffic().flows(cluster, fault.harm() ? Traffic.SHORT : PATIENCE);
    return flows == fault.harm()
        ? Optional.of(
            (flows ? "clients are served all the same, " : "clients are not served, ") + when)
        : Optional.empty();
  }

  private List<String> repaired(Fault fault) {
    List<String> problems = new ArrayList<>();
    DoctorRun fix = fix(fault.repaired());
    run(fault.forget());
    if (!flows(fault.traffic())) {
      problems.add("clients are not served after the repair");
    }
    for (Found found : withoutThePast(fix.findings())) {
      if (found.status().equals("FAIL") || isExpected(fault, found)) {
        problems.add("wrong after the repair: " + found);
      }
    }
    DoctorRun undo = doctor(fault.repaired(), "undo");
    if (undo.status() != 0) {
      problems.add("it could not be taken back: " + undo);
    }
    harmed(fault, "after the repair was taken back").ifPresent(problems::add);
    if (!fault.harm()) {
      String code = fault.expected().get(0).code();
      List<Found> again = check(fault.repaired(), "--only", code, "--no-probes", "--sample", "0s");
      if (again.stream().noneMatch(found -> isExpected(fault, found))) {
        problems.add("the fault did not come back: " + code);
      }
    }
    if (!problems.isEmpty()) {
      problems.add("the repair:\n" + fix.err() + "taken back:\n" + undo.out());
    }
    return problems;
  }

  /** Repairs these hosts. What is true of the lab at any time is left as it is. */
  DoctorRun fix(List<String> hosts) {
    return doctor(
        hosts,
        "check",
        "--fix",
        "--yes",
        "--runtime-only",
        "--no-probes",
        "--skip",
        String.join(",", TRUE_WARNINGS.keySet()),
        "--sample",
        "0s",
        "--deadline",
        "120s",
        "-o",
        "json");
  }

  void run(List<Fault.Step> steps) {
    for (Fault.Step step : steps) {
      cluster.host(step.host()).run("sh", "-ec", step.command());
    }
  }

  /**
   * Connections that were half open when a fault was repaired stay in the director's table for a
   * minute, and are no news.
   */
  private static List<Found> withoutThePast(List<Found> found) {
    return found.stream()
        .filter(one -> !(one.code().equals("IPV-006") && one.rootCause()))
        .toList();
  }

  /** How what was found differs from what must be. */
  private static List<String> differences(Fault fault, List<Found> all) {
    List<Found> found = withoutThePast(all);
    List<String> problems = new ArrayList<>();
    Set<String> causes = new TreeSet<>(fault.codes());
    for (Fault.Expected probe : fault.probed()) {
      if (found.stream()
          .noneMatch(
              one -> matches(one, probe) && one.causedBy().stream().anyMatch(causes::contains))) {
        problems.add("no probe fails because of it: " + probe);
      }
    }
    for (Fault.Expected expected : fault.expected()) {
      if (found.stream().noneMatch(one -> matches(one, expected))) {
        problems.add("not found: " + expected);
      }
    }
    if (found.isEmpty() || !found.get(0).rootCause() || !isExpected(fault, found.get(0))) {
      problems.add("the first is " + found.stream().findFirst().orElse(null));
    }
    Set<String> codes = new TreeSet<>(fault.codes());
    codes.addAll(TRUE_WARNINGS.keySet());
    for (Found one : found) {
      // What follows from the fault is explained by it.
      boolean unexplained = one.rootCause() || !one.status().equals("FAIL");
      boolean wrong = one.wrong() || one.status().equals("ERROR");
      if (wrong && unexplained && !codes.contains(one.code())) {
        problems.add("unrelated: " + one);
      }
    }
    return problems;
  }

  private static boolean isExpected(Fault fault, Found found) {
    return fault.expected().stream().anyMatch(expected -> matches(found, expected));
  }

  private static boolean matches(Found found, Fault.Expected expected) {
    return found.code().equals(expected.code())
        && found.host().equals(expected.host())
        && found.status().equals(expected.status().name());
  }

  @Override
  public void close() {
    director.close();
    cluster.close();
  }
}
