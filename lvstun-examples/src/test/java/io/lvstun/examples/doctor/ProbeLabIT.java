// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.diagnostics.Cluster;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Member;
import io.lvstun.diagnostics.Status;
import io.lvstun.diagnostics.host.CommandResult;
import io.lvstun.diagnostics.host.Host;
import io.lvstun.diagnostics.host.HostCommand;
import io.lvstun.diagnostics.host.Section;
import io.lvstun.diagnostics.probe.Observation;
import io.lvstun.diagnostics.probe.PacketTrace;
import io.lvstun.diagnostics.probe.Probe;
import io.lvstun.diagnostics.probe.Probes;
import io.lvstun.diagnostics.probe.TunnelPacket;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The probes on the tutorial's cluster, in order and with a fault at a time. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProbeLabIT {

  private static Topology lab;
  private static Director director;

  /** What is known of the hosts in order: probes need no more, and collecting takes its time. */
  private static Cluster port80;

  @BeforeAll
  static void start() {
    lab = Topology.routed(2).prepare(Preparation.tunnel().gue()).start();
    // Without segments of 64 kB, which pass an MTU of 1500 on virtual devices.
    lab.client().run("ethtool", "-K", "eth0", "tso", "off", "gso", "off");
    director = Director.builder().networkNamespace("director").open();
    director.apply(service(lab.vip(), 80, Encapsulation.ipip(), false));
    port80 = collect(Host.netns("director"));
  }

  private static VirtualService service(
      String vip, int port, Encapsulation encapsulation, boolean over6) {
    VirtualService service = VirtualService.tcp(vip, port).scheduler(Scheduler.RR);
    for (LabHost server : lab.realServers()) {
      service =
          service.addRealServer(over6 ? server.address6() : server.address()).tunnel(encapsulation);
    }
    return service;
  }

  private static Cluster collect(Host directorHost) {
    return Doctor.examine(
            io.lvstun.diagnostics.Topology.builder()
                .director("director", directorHost)
                .realServer(Host.netns("rs1"))
                .realServer(Host.netns("rs2"))
                .vantage(Host.netns("client"))
                .service("tcp:" + lab.vip() + ":80")
                .build())
        .sample(Duration.ZERO)
        .collect();
  }

  @AfterAll
  static void end() {
    director.close();
    lab.close();
  }

  /** Runs probes as an examination does, on hosts whose facts are known. */
  private static Cluster probe(Cluster facts, List<Probe> probes) {
    Cluster cluster = facts;
    for (Probe probe : probes) {
      Map<String, List<Section>> notes = new LinkedHashMap<>();
      for (Observation each : probe.observe(cluster)) {
        notes.computeIfAbsent(each.host(), key -> new ArrayList<>()).add(each.section());
      }
      cluster =
          Cluster.of(
              cluster.topology(),
              cluster.members().stream()
                  .map(
                      member ->
                          new Member(
                              member.node(),
                              member.facts().with(notes.getOrDefault(member.name(), List.of()))))
                  .toList());
    }
    return cluster;
  }

  private static Map<String, Finding> findings(Cluster cluster) {
    Map<String, Finding> findings = new LinkedHashMap<>();
    Doctor.analyse(cluster, check -> check.code().startsWith("PRB-")).findings().stream()
        .filter(finding -> finding.code().startsWith("PRB-"))
        .forEach(finding -> findings.put(finding.code(), finding));
    return findings;
  }

  private static Probe only(String code) {
    return Probes.all().stream()
        .filter(probe -> probe.code().equals(code))
        .findFirst()
        .orElseThrow();
  }

  /** Something wrong, and what the probes say about it. */
  enum Fault {
    NONE("", "", "", ""),
    TUNNEL_DOWN(
        "2 of 4 are refused at once",
        "rs1 (192.168.2.101) does not take packets out of the tunnel",
        "",
        "rs1 takes them out of the tunnel"),
    VIP_MISSING(
        "2 of 4 get no answer",
        "rs1 (192.168.2.101) does not answer; VIP missing",
        "",
        "rs1 hands them to TCP"),
    PROTOCOL_4_DROPPED(
        "2 of 4 get no answer",
        "rs1 (192.168.2.101) does not answer; filtered",
        "",
        "rs1 takes them out of the tunnel"),
    REVERSE_PATH(
        "2 of 4 get no answer",
        "rs1 (192.168.2.101) does not answer; its reverse path filter drops them",
        "",
        "rs1 hands them to TCP"),
    DIRECTOR_FILTER(
        "4 of 4 get no answer",
        "the director's own packet filter drops",
        "",
        "director sends them through the tunnel"),
    ICMP_FILTERED("", "", "uploads of 64 kB stall", ""),
    /** The last one: a server that was stopped does not start again. */
    PORT_CLOSED(
        "2 of 4 are refused at once",
        "rs1 (192.168.2.101) answers, but nobody listens on port 80",
        "",
        "rs1 answers them with a reset");

    private final String connect;
    private final String echo;
    private final String transfer;
    private final String hop;

    Fault(String connect, String echo, String transfer, String hop) {
      this.connect = connect;
      this.echo = echo;
      this.transfer = transfer;
      this.hop = hop;
    }
  }

  private static void filter(LabHost host, String command, String... rule) {
    List<String> arguments = new ArrayList<>(List.of("iptables", command));
    arguments.addAll(List.of(rule));
    host.run(arguments.toArray(String[]::new));
  }

  private static void set(Fault fault, boolean on) {
    LabHost server = lab.realServer(1);
    String append = on ? "-A" : "-D";
    switch (fault) {
      case NONE -> {}
      case TUNNEL_DOWN -> server.run("ip", "link", "set", "tunl0", on ? "down" : "up");
      case VIP_MISSING ->
          server.run("ip", "address", on ? "del" : "add", lab.vip() + "/32", "dev", "tunl0");
      case PROTOCOL_4_DROPPED -> filter(server, append, "INPUT", "-p", "4", "-j", "DROP");
      case REVERSE_PATH -> server.sysctl("net.ipv4.conf.tunl0.rp_filter", on ? 1 : 0);
      case DIRECTOR_FILTER -> filter(lab.director(), append, "OUTPUT", "-p", "4", "-j", "DROP");
      case ICMP_FILTERED -> {
        filter(
            lab.client(),
            append,
            "INPUT",
            "-p",
            "icmp",
            "--icmp-type",
            "fragmentation-needed",
            "-j",
            "DROP");
        // What the client has learnt of the path.
        lab.client().run("ip", "route", "flush", "cache");
        lab.client().run("ip", "tcp_metrics", "flush");
      }
      case PORT_CLOSED -> server.stopServer();
    }
  }

  @Order(Integer.MAX_VALUE)
  @ParameterizedTest
  @EnumSource
  void eachFaultIsToldApart(Fault fault) {
    set(fault, true);
    Map<String, Finding> findings;
    try {
      findings = findings(probe(port80, Probes.all()));
    } finally {
      if (fault != Fault.PORT_CLOSED) {
        set(fault, false);
      }
    }
    expect(findings, "PRB-001", fault.connect);
    expect(findings, "PRB-002", fault.echo);
    expect(findings, "PRB-004", fault.hop);
    if (!fault.transfer.isEmpty() || fault == Fault.NONE) {
      expect(findings, "PRB-003", fault.transfer);
    }
  }

  private static void expect(Map<String, Finding> findings, String code, String wrong) {
    Finding finding = findings.get(code);
    assertThat(finding).as(code).isNotNull();
    assertThat(finding.status())
        .as("%s: %s%n%s", code, finding.observed(), finding.evidence())
        .isEqualTo(wrong.isEmpty() ? Status.PASS : Status.FAIL);
    if (!wrong.isEmpty()) {
      assertThat(finding.observed()).as("%s: %s", code, finding.evidence()).contains(wrong);
    }
  }

  /** A host of this machine that is spoken to as if it were another. */
  private record Elsewhere(Host host, String path) implements Host {

    @Override
    public String specification() {
      return "elsewhere:" + host.specification();
    }

    @Override
    public String label() {
      return host.label();
    }

    @Override
    public CommandResult run(HostCommand command) {
      List<String> arguments = new ArrayList<>(List.of("env", "PATH=" + path));
      arguments.addAll(command.arguments());
      return host.run(
          new HostCommand(arguments, command.input(), command.deadline(), command.maxOutput()));
    }
  }

  /** Every kind of tunnel is echoed, from sockets of this process, from perl and from python. */
  @Test
  void everyTunnelIsAnswered(@TempDir Path folder) throws Exception {
    director.apply(
        service(lab.vip6(), 80, Encapsulation.ipip(), true),
        service(lab.vip(), 8080, Encapsulation.gue(Preparation.GUE_PORT), false),
        service(lab.vip6(), 8080, Encapsulation.gue(Preparation.GUE_PORT), false));
    try {
      String path = System.getenv("PATH");
      Path perl = Files.writeString(folder.resolve("perl"), "#!/bin/sh\nexit 1\n");
      Files.setPosixFilePermissions(perl, PosixFilePermissions.fromString("rwxr-xr-x"));
      for (Host host :
          List.of(
              Host.netns("director"),
              new Elsewhere(Host.netns("director"), path),
              new Elsewhere(Host.netns("director"), folder + ":" + path))) {
        Finding finding = findings(probe(collect(host), List.of(only("PRB-002")))).get("PRB-002");
        assertThat(finding.observed())
            .as("%s: %s", host, finding.evidence())
            .isEqualTo("all 8 tunnels are answered");
      }
    } finally {
      director.replaceAll(List.of(service(lab.vip(), 80, Encapsulation.ipip(), false)));
    }
  }

  /** On other hosts it is their tcpdump that captures. */
  @Test
  void tracesWithTheTcpdumpOfAnotherHost() throws Exception {
    Host host = new Elsewhere(Host.netns("rs2"), System.getenv("PATH"));
    List<TunnelPacket> packets = new ArrayList<>();
    CompletableFuture<PacketTrace.Summary> running =
        CompletableFuture.supplyAsync(
            () ->
                PacketTrace.on(host).count(10).duration(Duration.ofSeconds(60)).run(packets::add));
    while (!running.isDone()) {
      assertThat(lab.client().get(lab.vipUrl(), 2, Duration.ofSeconds(30)).failures()).isEmpty();
    }
    assertThat(running.get().packets()).isEqualTo(10);
    assertThat(packets)
        .allMatch(packet -> packet.kind().equals("ipip"))
        .allMatch(packet -> packet.destination().equals(lab.realServer(2).inetAddress()))
        .noneMatch(TunnelPacket::outgoing);
  }
}
