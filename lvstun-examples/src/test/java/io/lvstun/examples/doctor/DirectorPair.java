// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
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
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Two directors, of which the first sends the state of its connections to the second, and two real
 * servers: healthy, to be broken on purpose, examined and repaired.
 */
final class DirectorPair implements AutoCloseable {

  /** The sync id of both daemons. */
  static final int SYNC_ID = 7;

  private final Topology cluster;
  private final LabHost first;
  private final LabHost second;
  private final Director active;
  private final Director standby;
  private final VirtualService web;

  DirectorPair() {
    cluster = Topology.routed(2).directors(2).start();
    first = cluster.director(1);
    second = cluster.director(2);
    active = Director.builder().networkNamespace(first.name()).open();
    standby = Director.builder().networkNamespace(second.name()).open();
    // What real servers announce fits into the tunnels.
    cluster.realServer(1).run("sh", "-c", Faults.CLAMP.formatted(2));
    cluster.realServer(2).run("sh", "-c", Faults.CLAMP.formatted(3));
    web =
        VirtualService.tcp(cluster.vip(), 80)
            .scheduler(Scheduler.RR)
            .addRealServer(cluster.realServer(1).address())
            .tunnel()
            .addRealServer(cluster.realServer(2).address())
            .tunnel();
    startDaemons(SYNC_ID);
    refresh();
  }

  Topology cluster() {
    return cluster;
  }

  LabHost first() {
    return first;
  }

  LabHost second() {
    return second;
  }

  /** What both directors have in their tables. */
  VirtualService web() {
    return web;
  }

  /** Fresh tables: their connections are those of one test alone. */
  void refresh() {
    for (Director director : List.of(active, standby)) {
      director.flush();
      director.apply(web);
    }
    for (LabHost host : cluster.directors()) {
      host.sysctl("net.ipv4.vs.expire_nodest_conn", 1);
    }
  }

  /** Gives both directors this service alone. */
  void replace(VirtualService service) {
    active.replaceAll(List.of(service));
    standby.replaceAll(List.of(service));
  }

  /** Gives the second director this service as well, or in place of the one with its key. */
  void applyOnSecond(VirtualService service) {
    standby.apply(service);
  }

  /** Runs a command on both directors. */
  void onBoth(String... command) {
    cluster.directors().forEach(host -> host.run(command));
  }

  void stopDaemons() {
    active.stopSync(SyncDaemon.Role.MASTER);
    standby.stopSync(SyncDaemon.Role.BACKUP);
  }

  /** Starts both daemons, the second with this sync id. */
  void startDaemons(int syncIdOfSecond) {
    active.startSync(SyncDaemon.master("eth0").syncId(SYNC_ID));
    standby.startSync(SyncDaemon.backup("eth0").syncId(syncIdOfSecond));
  }

  /** Whether clients were served by both real servers. */
  boolean serves() {
    return cluster.client().get(cluster.vipUrl(), 2, Duration.ofSeconds(30)).failures().isEmpty();
  }

  /** How many of so many requests failed, each after a second at the latest. */
  int failuresOf(int requests) {
    return cluster
        .client()
        .get(cluster.vipUrl(), requests, Duration.ofSeconds(1))
        .failures()
        .size();
  }

  // ---- examining ----

  private io.lvstun.diagnostics.Topology.Builder directors(
      UnaryOperator<io.lvstun.diagnostics.Topology.Builder> statements) {
    return statements
        .apply(io.lvstun.diagnostics.Topology.builder())
        .director("director", Host.netns(first.name()))
        .director("director2", Host.netns(second.name()));
  }

  private static Examination examination(io.lvstun.diagnostics.Topology.Builder topology) {
    return Doctor.examine(topology.build()).sample(Duration.ZERO).deadline(Duration.ofSeconds(120));
  }

  /** All hosts, and what is stated of the cluster. */
  Report examine(UnaryOperator<io.lvstun.diagnostics.Topology.Builder> statements) {
    io.lvstun.diagnostics.Topology.Builder topology =
        directors(statements).vantage("client", Host.netns("client"));
    cluster
        .realServers()
        .forEach(server -> topology.realServer(server.name(), Host.netns(server.name())));
    return examination(topology).run();
  }

  Report examine() {
    return examine(topology -> topology);
  }

  /**
   * Without the real servers, where they have no part in it. What these announce to clients is then
   * not known, nor whether it fits into the tunnels.
   */
  Examination examinationOfDirectors(
      UnaryOperator<io.lvstun.diagnostics.Topology.Builder> statements) {
    return examination(directors(statements)).selecting(check -> check.category() != Category.MTU);
  }

  static Finding of(Report report, String code, String host) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code) && finding.host().equals(host))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no finding " + code + " on " + host));
  }

  /** What is wrong, or could not be looked at, with its evidence. */
  static String everything(Report report) {
    return report.findings().stream()
        .filter(finding -> finding.wrong() || finding.status() == Status.ERROR)
        .map(
            finding ->
                finding
                    + finding.evidence().stream()
                        .map(one -> "\n    " + one.excerpt().replace("\n", "\n    "))
                        .collect(Collectors.joining()))
        .collect(Collectors.joining("\n"));
  }

  /** What is wrong and explained by nothing else, as STATUS CODE host. */
  static List<String> causes(Report report) {
    return report.rootCauses().stream()
        .map(finding -> finding.status() + " " + finding.code() + " " + finding.host())
        .toList();
  }

  static void onlyCauses(Report report, String... expected) {
    assertThat(causes(report)).as(everything(report)).containsExactly(expected);
  }

  // ---- repairing ----

  /**
   * Repairs what a report tells, as {@code check --fix --yes} does, and sees that nothing of it is
   * left; then lets {@code seen} look, and takes everything back.
   *
   * @param statements what was stated of the cluster
   * @param report what is wrong
   * @param seen what must be so when it is repaired
   * @param risks what may be done besides what is harmless
   */
  void repairAndUndo(
      UnaryOperator<io.lvstun.diagnostics.Topology.Builder> statements,
      Report report,
      Runnable seen,
      Risk... risks) {
    RepairResult result =
        Repair.of(examinationOfDirectors(statements))
            .allowing(risks)
            .durability(Durability.none())
            .run(report, step -> {});
    assertThat(everything(result.after())).as("%s", result.steps()).isEmpty();
    seen.run();
    List<StepResult> undone = Undo.on(Host.netns(first.name()), Host.netns(second.name())).latest();
    assertThat(undone)
        .as("what was done: %s", result.steps())
        .isNotEmpty()
        .allMatch(step -> step.state() == StepResult.State.DONE);
  }

  @Override
  public void close() {
    active.close();
    standby.close();
    cluster.close();
  }
}
