// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.diagnostics.probe.trace.PacketTrace;
import io.lvstun.diagnostics.probe.trace.TunnelPacket;
import io.lvstun.examples.lab.Capture;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import io.lvstun.host.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor's capture sees what tcpdump sees, and writes what tcpdump reads. */
class TraceLabIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ENOUGH = 20;
  private static final Pattern DUMPED =
      Pattern.compile(
          "IP (?<outer>\\S+ > \\S+): IP (?<source>\\S+)\\.(?<sp>\\d+) >"
              + " (?<destination>\\S+)\\.(?<dp>\\d+): Flags \\[(?<flags>[^]]+)]");

  private Topology cluster;
  private Director director;

  @BeforeEach
  void start() {
    cluster = Topology.routed(2).prepare(Preparation.tunnel().gue()).start();
    director = Director.builder().networkNamespace("director").open();
    director.apply(
        service(80, Encapsulation.ipip()), service(8080, Encapsulation.gue(Preparation.GUE_PORT)));
  }

  private VirtualService service(int port, Encapsulation encapsulation) {
    VirtualService service = VirtualService.tcp(cluster.vip(), port).scheduler(Scheduler.RR);
    for (LabHost server : cluster.realServers()) {
      service = service.addRealServer(server.address()).tunnel(encapsulation);
    }
    return service;
  }

  @AfterEach
  void end() {
    director.close();
    cluster.close();
  }

  /** Traces while something is done, until there are enough packets. */
  private static List<TunnelPacket> trace(PacketTrace trace, Runnable traffic) throws Exception {
    List<TunnelPacket> packets = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<PacketTrace.Summary> running =
        CompletableFuture.supplyAsync(
            () ->
                trace
                    .count(ENOUGH)
                    .duration(Duration.ofSeconds(60))
                    .onStart(started::countDown)
                    .run(packets::add));
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    while (!running.isDone()) {
      traffic.run();
    }
    assertThat(running.get().packets()).isEqualTo(ENOUGH);
    assertThat(running.get().lost()).isZero();
    return packets;
  }

  private void request() {
    assertThat(cluster.client().get(cluster.vipUrl(), 2, PATIENCE).failures()).isEmpty();
  }

  @Test
  void seesTheSamePacketsAsTcpdump() throws Exception {
    try (Capture tcpdump = cluster.director().capture("ip proto 4")) {
      List<TunnelPacket> traced =
          trace(
              PacketTrace.on(Host.netns("director"))
                  .concerning(cluster.director().inetAddress())
                  .concerning(io.lvstun.IpAddress.parse(cluster.vip())),
              this::request);
      List<String> dumped = new ArrayList<>();
      for (String line : tcpdump.await(ENOUGH, line -> DUMPED.matcher(line).find(), PATIENCE)) {
        Matcher matcher = DUMPED.matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        dumped.add(
            matcher.group("outer")
                + ": "
                + matcher.group("source")
                + ":"
                + matcher.group("sp")
                + " > "
                + matcher.group("destination")
                + ":"
                + matcher.group("dp")
                + " tcp ["
                + matcher.group("flags")
                + "]");
      }
      assertThat(traced)
          .hasSize(ENOUGH)
          .allMatch(packet -> packet.device().equals("eth0"))
          .allMatch(TunnelPacket::outgoing);
      for (int i = 0; i < ENOUGH; i++) {
        assertThat(traced.get(i).toString()).contains(" ipip " + dumped.get(i) + " length ");
      }
    }
  }

  @Test
  void seesGueAsTheRealServerGetsIt() throws Exception {
    String url = "http://" + cluster.vip() + ":8080/";
    List<TunnelPacket> traced =
        trace(
            PacketTrace.on(Host.netns("rs1")).guePort(Preparation.GUE_PORT),
            () -> assertThat(cluster.client().get(url, 2, PATIENCE).failures()).isEmpty());
    assertThat(traced)
        .allMatch(packet -> packet.kind().equals("gue"))
        .noneMatch(TunnelPacket::outgoing)
        .allMatch(packet -> packet.destination().equals(cluster.realServer(1).inetAddress()))
        .allMatch(packet -> packet.inner().orElseThrow().destinationPort() == 8080);
    assertThat(traced.get(0).source()).isEqualTo(cluster.director().inetAddress());
  }

  /** As a user runs it, with a file that tcpdump reads. */
  @Test
  void runnerWritesAFileThatTcpdumpReads(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("trace.pcap");
    Process runner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.lvstun.diagnostics.cli.LvstunDoctor",
                "trace",
                "--host=netns:director",
                "--count=" + ENOUGH,
                "--duration=60s",
                "--vip=" + cluster.vip(),
                "--pcap=" + file)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    try (BufferedReader errors =
        new BufferedReader(
            new InputStreamReader(runner.getErrorStream(), StandardCharsets.UTF_8))) {
      assertThat(errors.readLine()).isEqualTo("Waiting for packets on netns:director");
      while (runner.isAlive()) {
        request();
      }
      assertThat(errors.readLine()).isEqualTo(ENOUGH + " packets");
      assertThat(runner.exitValue()).isZero();
    } finally {
      runner.destroyForcibly();
    }
    assertThat(Files.readAllLines(folder.resolve("out")))
        .hasSize(ENOUGH)
        .allMatch(line -> line.contains(" ipip 192.168.1.100 > 192.168."));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(read(file)).hasSize(ENOUGH).allMatch(line -> DUMPED.matcher(line).find());
  }

  private static List<String> read(Path file) throws IOException, InterruptedException {
    Process tcpdump =
        new ProcessBuilder("tcpdump", "-nn", "-r", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tcpdump.waitFor()).isZero();
    return text.lines().toList();
  }
}
