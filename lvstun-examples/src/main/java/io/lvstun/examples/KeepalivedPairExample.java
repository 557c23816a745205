// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.availability.RoleEvent;
import io.lvstun.availability.RoleWatch;
import io.lvstun.availability.VrrpRole;
import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.HttpAnswers;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.LongConnection;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.RequestLoop;
import io.lvstun.examples.lab.Topology;
import io.lvstun.host.AppliedChange;
import io.lvstun.host.Host;
import io.lvstun.host.InstallFile;
import io.lvstun.keepalived.Checker;
import io.lvstun.keepalived.GlobalSettings;
import io.lvstun.keepalived.KeepalivedCluster;
import io.lvstun.keepalived.KeepalivedConfig;
import io.lvstun.keepalived.KeepalivedDirector;
import io.lvstun.keepalived.SyncDaemonSetting;
import io.lvstun.keepalived.VirtualServer;
import io.lvstun.keepalived.VrrpInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Two directors, of which one dies: keepalived's files for both come from one description, and the
 * backup takes over addresses and connections.
 */
public final class KeepalivedPairExample {

  private static final String INSTANCE = "VI_1";
  private static final String VIP = "192.168.1.200";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stage stage;
  private final Path folder;
  private final Map<LabHost, BlockingQueue<VrrpRole>> roles = new LinkedHashMap<>();

  private KeepalivedPairExample(Stage stage, Path folder) {
    this.stage = stage;
    this.folder = folder;
  }

  /**
   * Runs the example.
   *
   * @param args {@code --help} tells
   */
  public static void main(String[] args) {
    runner().runAndExit(args);
  }

  static ExampleRunner runner() {
    return new ExampleRunner(
        KeepalivedPairExample.class,
        "Runs two directors under keepalived, kills the master, and shows who serves then.",
        () -> Topology.routed(2).directors(2).vipOnDirector(false).prepare(Preparation.tunnel()),
        KeepalivedPairExample::play);
  }

  // tag::cluster[]
  /** The configuration of each director, by name. */
  static Map<String, KeepalivedConfig> configurations(VirtualService web) {
    return KeepalivedCluster.of(VrrpInstance.of("VI_1", "eth0", 51).addAddress("192.168.1.200"))
        .directors(
            KeepalivedDirector.of("director", 100).address("192.168.1.100"),
            KeepalivedDirector.of("director2", 90).address("192.168.1.99"))
        .global(
            GlobalSettings.DEFAULT.syncDaemon(
                SyncDaemonSetting.on("eth0").instance("VI_1").syncId(51)))
        .virtualServers(VirtualServer.of(web).checkEach(Checker.tcp()))
        .configs();
  }

  // end::cluster[]

  // tag::install[]
  /** Puts a configuration in its place, if keepalived accepts it. */
  static AppliedChange install(Host director, String path, KeepalivedConfig configuration) {
    return InstallFile.of(path, configuration.text())
        .mode("600")
        .check("keepalived", "-t", "-f", InstallFile.COPY)
        .apply(director);
  }

  // end::install[]

  // tag::watch[]
  /** Follows who is master. */
  static RoleWatch watch(Host director, Path fifo, Consumer<RoleEvent> listener) {
    return RoleWatch.builder()
        .fifo(fifo)
        .instance("VI_1", "192.168.1.200")
        .host(director)
        .listener(listener)
        .start();
  }

  // end::watch[]

  private static String play(Stage stage) throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("lvstun-pair");
      try {
        return new KeepalivedPairExample(stage, folder).play();
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UnexpectedOutcomeException("cannot write the files: " + e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private String play() throws InterruptedException, IOException {
    VirtualService web =
        VirtualService.tcp(VIP, 80)
            .scheduler(Scheduler.RR)
            .addRealServer("192.168.2.101")
            .tunnel()
            .addRealServer("192.168.3.102")
            .tunnel();
    LabHost master = stage.cluster().director(1);
    LabHost backup = stage.cluster().director(2);
    List<AutoCloseable> open = new ArrayList<>();
    try {
      Map<String, KeepalivedConfig> files = configurations(web);
      for (LabHost director : List.of(master, backup)) {
        open.add(start(director, Objects.requireNonNull(files.get(director.name()))));
        open.add(follow(director));
      }
      await(master, VrrpRole.MASTER);
      await(backup, VrrpRole.BACKUP);
      stage.say(master.name() + " is master, " + backup.name() + " is backup.");
      stage.say("Requests are answered by " + stage.ask(4).keySet() + ".");
      return takeOver(master, backup);
    } finally {
      for (int i = open.size() - 1; i >= 0; i--) {
        close(open.get(i));
      }
    }
  }

  private String takeOver(LabHost master, LabHost backup) throws InterruptedException {
    LabHost client = stage.cluster().client();
    try (LongConnection connected = client.connect(VIP, 80);
        RequestLoop asking = client.keepAsking(VIP, 80, Duration.ofMillis(100))) {
      String server = connected.server();
      stage.say("A client is connected to " + server + "; others come every 100 ms.");
      awaitCopy(backup);
      stage.say(backup.name() + " knows of the connection: the sync daemon told it.");

      stage.say(master.name() + " loses its power.");
      long killed = System.nanoTime();
      master.kill();
      await(backup, VrrpRole.MASTER);
      double took = (System.nanoTime() - killed) / 1e9;
      stage.say(
          String.format(Locale.ROOT, "%s is master %.1f seconds later.", backup.name(), took));
      asking.awaitMore(10, PATIENCE);
      stage.expect(
          connected.server(PATIENCE).equals(server), "the connection moved to another server");
      stage.say("The connected client asks again, and still hears from " + server + ".");
      HttpAnswers answers = asking.stop();
      stage.expect(
          answers.failures().isEmpty(), "requests without an answer: " + answers.failures());
      stage.say(
          answers.answers().size() + " requests, all answered, by " + answers.byServer() + ".");
      return "the backup took over within seconds, and no connection was lost.";
    }
  }

  private BackgroundCommand start(LabHost director, KeepalivedConfig configuration)
      throws IOException {
    Path own = Files.createDirectory(folder.resolve(director.name()));
    String path = own.resolve("keepalived.conf").toString();
    KeepalivedConfig complete =
        configuration.global(configuration.global().notifyFifo(fifo(director).toString()));
    stage.say("\n" + director.name() + " gets " + path + ":\n");
    stage.say(complete.text().indent(3));
    AppliedChange installed = install(Host.netns(director.name()), path, complete);
    stage.expect(installed.changed(), path + " was there before");
    return director.start(
        "keepalived",
        "--dont-fork",
        "--log-console",
        "--use-file=" + path,
        "--pid=" + own.resolve("pid"),
        "--vrrp_pid=" + own.resolve("vrrp"),
        "--checkers_pid=" + own.resolve("checkers"));
  }

  private Path fifo(LabHost director) {
    return folder.resolve(director.name()).resolve("fifo");
  }

  private RoleWatch follow(LabHost director) {
    BlockingQueue<VrrpRole> heard = new LinkedBlockingQueue<>();
    roles.put(director, heard);
    return watch(
        Host.netns(director.name()),
        fifo(director),
        event -> {
          if (event instanceof RoleEvent.RoleChanged change && change.name().equals(INSTANCE)) {
            heard.add(change.to());
          }
        });
  }

  private void await(LabHost director, VrrpRole wanted) throws InterruptedException {
    BlockingQueue<VrrpRole> heard = Objects.requireNonNull(roles.get(director));
    VrrpRole role;
    do {
      role = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      stage.expect(role != null, director.name() + " did not become " + wanted);
    } while (role != wanted);
  }

  /** Waits until the backup's table has the connection. */
  private void awaitCopy(LabHost backup) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!backup.run("ipvsadm", "-Lnc").contains("ESTABLISHED")) {
      stage.expect(System.nanoTime() < deadline, backup.name() + " was not told of the connection");
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new UnexpectedOutcomeException("cannot close " + one + ": " + e);
    }
  }
}
