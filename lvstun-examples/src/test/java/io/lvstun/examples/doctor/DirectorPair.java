// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
import io.lvstun.examples.doctor.DoctorRun.Found;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two directors, of which the first sends the state of its connections to the second, and two real
 * servers: healthy, to be broken on purpose, examined and repaired by the runner's commands.
 */
final class DirectorPair implements AutoCloseable {

  /** The sync id of both daemons. */
  static final int SYNC_ID = 7;

  /** What a topology's file says of the hosts besides the directors. */
  static final String OTHERS =
      """
      realServers:
        - {name: rs1, host: "netns:rs1"}
        - {name: rs2, host: "netns:rs2"}
      vantages:
        - {name: client, host: "netns:client"}
      """;

  private static final String DIRECTORS =
      """
      directors:
        - {name: director, host: "netns:director"}
        - {name: director2, host: "netns:director2"}
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Topology cluster;
  private final LabHost first;
  private final LabHost second;
  private final Director active;
  private final Director standby;
  private final VirtualService web;
  private final Path file;

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
    try {
      file = Files.createTempFile("pair", ".yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** Whether clients are served by both real servers. */
  boolean serves() {
    Set<String> servers =
        new TreeSet<>(cluster.client().get(cluster.vipUrl(), 2, PATIENCE).byServer().keySet());
    return servers.equals(Set.of("rs1", "rs2"));
  }

  /** Whether a client is served, by whichever real server. */
  boolean answers() {
    return cluster.client().get(cluster.vipUrl(), 1, PATIENCE).failures().isEmpty();
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

  /** The table of a director as the key {@code desired} of a topology's file. */
  static String desired(LabHost director) {
    return "desired: |\n" + director.run("ipvsadm", "-Sn").indent(2);
  }

  /**
   * Runs a command of the runner on the directors, and on what else the statements name.
   *
   * @param statements what the topology's file says besides the directors
   */
  DoctorRun doctor(String statements, String... arguments) {
    try {
      Files.writeString(file, DIRECTORS + statements);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--topology", file.toString()));
    return DoctorRun.of(all);
  }

  /** What the doctor finds, without probes. */
  List<Found> check(String statements, String... more) {
    return checked(statements, "0s", more).findings();
  }

  private DoctorRun checked(String statements, String sample, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "check", "-o", "json", "--no-probes", "--sample", sample, "--deadline", "120s"));
    if (!statements.contains(OTHERS)) {
      // What real servers announce to clients is not known then, nor whether it fits.
      arguments.addAll(List.of("--skip", "MTU"));
    }
    arguments.addAll(List.of(more));
    return doctor(statements, arguments.toArray(new String[0]));
  }

  /** What the doctor finds when its samples are so far apart. */
  List<Found> sampled(String statements, Duration sample) {
    return checked(statements, sample.toSeconds() + "s").findings();
  }

  static Found of(List<Found> findings, String code, String host) {
    return findings.stream()
        .filter(found -> found.code().equals(code) && found.host().equals(host))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no finding " + code + " on " + host));
  }

  /** What is wrong, or could not be looked at. */
  static String everything(List<Found> findings) {
    return DoctorRun.lines(
        findings.stream()
            .filter(found -> found.wrong() || found.status().equals("ERROR"))
            .toList());
  }

  /** What is wrong and explained by nothing else, as STATUS CODE host. */
  static List<String> causes(List<Found> findings) {
    return findings.stream()
        .filter(Found::rootCause)
        .map(found -> found.status() + " " + found.code() + " " + found.host())
        .toList();
  }

  /** These are the root causes, in this order, and all that is broken follows from them. */
  static void onlyCauses(List<Found> findings, String... expected) {
    assertThat(causes(findings)).as(everything(findings)).containsExactly(expected);
  }

  // ---- repairing ----

  /**
   * Lets the doctor repair what is wrong, and sees that nothing of it is left; takes that back, and
   * sees that it is wrong again.
   *
   * @param statements what was stated of the cluster
   * @param mended looks when it is repaired
   * @param broken looks when the repair was taken back
   * @param more options of the repair
   */
  void repairAndUndo(String statements, Runnable mended, Runnable broken, String... more) {
    List<String> options = new ArrayList<>(List.of("--fix", "--yes", "--runtime-only"));
    options.addAll(List.of(more));
    DoctorRun fix = checked(statements, "0s", options.toArray(new String[0]));
    assertThat(everything(fix.findings())).as(fix.err()).isEmpty();
    assertThat(fix.err()).as("what was done").contains("done ");
    mended.run();
    DoctorRun undo = doctor(statements, "undo");
    assertThat(undo.status()).as(undo.toString()).isZero();
    broken.run();
  }

  @Override
  public void close() {
    active.close();
    standby.close();
    cluster.close();
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
