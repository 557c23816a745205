// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.cluster.Node;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.probe.Observation;
import io.lvstun.diagnostics.probe.Probe;
import io.lvstun.diagnostics.probe.Probes;
import io.lvstun.diagnostics.probe.trace.PacketTrace;
import io.lvstun.diagnostics.probe.trace.TunnelPacket;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  /**
   * What is known of the hosts in order: probes need no more, collecting takes its time, and each
   * test's cluster is like the first one's.
   */
  private static @Nullable Cluster port80;

  private Topology lab;
  private Director director;

  @BeforeEach
  void start() {
    lab = Topology.routed(2).prepare(Preparation.tunnel().gue()).start();
    // Without segments of 64 kB, which pass an MTU of 1500 on virtual devices.
    lab.client().run("ethtool", "-K", "eth0", "tso", "off", "gso", "off");
    director = Director.builder().networkNamespace("director").open();
    director.apply(service(lab.vip(), 80, Encapsulation.ipip(), false));
    if (port80 == null) {
      port80 = collect();
    }
  }

  private VirtualService service(String vip, int port, Encapsulation encapsulation, boolean over6) {
    VirtualService service = VirtualService.tcp(vip, port).scheduler(Scheduler.RR);
    for (LabHost server : lab.realServers()) {
      service =
          service.addRealServer(over6 ? server.address6() : server.address()).tunnel(encapsulation);
    }
    return service;
  }

  private Cluster collect() {
    return collect("tcp:" + lab.vip() + ":80");
  }

  /** Only services that are named are judged and probed. */
  private static Cluster collect(String... services) {
    io.lvstun.cluster.Topology.Builder cluster =
        io.lvstun.cluster.Topology.builder()
            .director("director", Host.netns("director"))
            .realServer(Host.netns("rs1"))
            .realServer(Host.netns("rs2"))
            .vantage(Host.netns("client"));
    for (String service : services) {
      cluster.service(service);
    }
    return Doctor.examine(cluster.build()).sample(Duration.ZERO).collect();
  }

  /** The same cluster, with another way to its director. */
  private static Cluster reached(Cluster facts, Host directorHost) {
    return withHosts(
        facts, member -> member.name().equals("director") ? directorHost : member.node().host());
  }

  private static Cluster withHosts(Cluster facts, Function<Member, Host> hosts) {
    return Cluster.of(
        facts.topology(),
        facts.members().stream()
            .map(
                member ->
                    new Member(
                        new Node(
                            member.name(),
                            hosts.apply(member),
                            member.node().roles(),
                            member.node().addresses()),
                        member.facts()))
            .toList());
  }

  @AfterEach
  void end() {
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
    SWALLOWED_BY_SIT(
        "2 of 4 get no answer",
        "rs1 (192.168.2.101) does not take packets out of the tunnel (no device for ipip is up",
        "",
        "rs1 takes them out of the tunnel"),
    TUNNEL_DOWN(
        "2 of 4 are refused at once",
        "rs1 (192.168.2.101) does not take packets out of the tunnel",
        "",
        "rs1 takes them out of the tunnel"),
    VIP_MISSING(
        "2 of 4 get no answer",
        "rs1 (192.168.2.101) does not answer; VIP missing: packets are for no address of its",
        "",
        "rs1 hands them to TCP"),
    ROUND_IN_CIRCLES(
        "2 of 4 are told that the host is unreachable",
        "rs1 (192.168.2.101) does not answer; VIP missing: it sends the packets on",
        "",
        "rs1 hands them to TCP"),
    PROTOCOL_4_DROPPED(
        "2 of 4 get no answer",
        "rs1 (192.168.2.101) does not answer; filtered",
        "",
        "rs1 takes them out of the tunnel"),
    INNER_PACKETS_DROPPED(
        "2 of 4 get no answer",
        "rs1 (192.168.2.101) does not answer; filtered",
        "",
        "rs1 hands them to TCP"),
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
    ANSWERS_LOST("2 of 4 get no answer", "", "", "client gets the answers"),
    RESET_AFTER_DATA("2 of 4 are reset after they opened", "", "", ""),
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

  private static void filter(LabHost host, boolean on, String rule) {
    host.run("sh", "-c", "iptables " + (on ? "-A " : "-D ") + rule);
  }

  /** The router's device that leads to a host. */
  private String towards(LabHost host) {
    String route =
        lab.client().run("ip", "netns", "exec", "router", "ip", "route", "get", host.address());
    return route.replaceFirst("(?s).* dev (\\S+).*", "$1");
  }

  private void set(Fault fault, boolean on) {
    LabHost server = lab.realServer(1);
    String vip = lab.vip();
    switch (fault) {
      case NONE -> {}
      case SWALLOWED_BY_SIT -> server.run("ip", "link", "set", "tunl0", on ? "down" : "up");
      case TUNNEL_DOWN -> {
        // Ready for IPv6 in IPv4 it would not say that nobody takes the packets.
        server.run("ip", "link", "set", "sit0", on ? "down" : "up");
        server.run("ip", "link", "set", "tunl0", on ? "down" : "up");
      }
      case VIP_MISSING ->
          server.run("ip", "address", on ? "del" : "add", vip + "/32", "dev", "tunl0");
      case ROUND_IN_CIRCLES -> {
        server.sysctl("net.ipv4.ip_forward", on ? 1 : 0);
        server.run("ip", "address", on ? "del" : "add", vip + "/32", "dev", "tunl0");
      }
      case PROTOCOL_4_DROPPED -> filter(server, on, "INPUT -p 4 -j DROP");
      case INNER_PACKETS_DROPPED -> filter(server, on, "INPUT -i tunl0 -d " + vip + " -j DROP");
      case REVERSE_PATH -> server.sysctl("net.ipv4.conf.tunl0.rp_filter", on ? 1 : 0);
      case DIRECTOR_FILTER -> filter(lab.director(), on, "OUTPUT -p 4 -j DROP");
      // Only to the client: what comes back through the tunnel's way is not meant.
      case ANSWERS_LOST ->
          lab.client()
              .run(
                  "sh",
                  "-c",
                  "ip netns exec router iptables %s FORWARD -i %s -s %s -d %s -j DROP"
                      .formatted(on ? "-A" : "-D", towards(server), vip, lab.client().address()));
      case RESET_AFTER_DATA ->
          filter(
              server,
              on,
              "INPUT -i tunl0 -p tcp --dport 80 --tcp-flags PSH PSH"
                  + " -j REJECT --reject-with tcp-reset");
      case ICMP_FILTERED -> {
        filter(lab.client(), on, "INPUT -p icmp --icmp-type fragmentation-needed -j DROP");
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
      // Of a tunnel that is swallowed only the devices tell.
      Cluster facts =
          fault == Fault.SWALLOWED_BY_SIT
              ? collect()
              // A host stays in the namespace of its first command, which ended with its test.
              : withHosts(requireNonNull(port80), member -> Host.netns(member.name()));
      findings = findings(probe(facts, probes(fault)));
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

  /** All of them; but uploads that cannot even begin are not waited for. */
  private static List<Probe> probes(Fault fault) {
    boolean uploads = fault == Fault.NONE || !fault.transfer.isEmpty();
    return Probes.all().stream()
        .filter(probe -> uploads || !probe.code().equals("PRB-003"))
        .toList();
  }

  /** What may be wrong with a tunnel over UDP. */
  @Test
  void faultsOfGueAreToldApart() {
    LabHost server = lab.realServer(1);
    String port = Integer.toString(Preparation.GUE_PORT);
    VirtualService gue = service(lab.vip(), 80, Encapsulation.gue(Preparation.GUE_PORT), false);
    director.replaceAll(List.of(gue));
    try {
      Cluster facts = collect();
      assertThat(echo(facts)).isEqualTo("all 2 tunnels are answered");

      server.run("ip", "fou", "del", "port", port);
      assertThat(echo(facts))
          .startsWith("rs1 (192.168.2.101) does not take packets out of the tunnel");
      server.run("ip", "fou", "add", "port", port, "gue");

      server.run("ip", "address", "del", lab.vip() + "/32", "dev", "tunl0");
      assertThat(echo(facts)).startsWith("rs1 (192.168.2.101) does not answer; VIP missing");
      server.run("ip", "address", "add", lab.vip() + "/32", "dev", "tunl0");

      filter(server, true, "INPUT -p udp --dport " + port + " -j DROP");
      assertThat(echo(facts)).startsWith("rs1 (192.168.2.101) does not answer; filtered");
      filter(server, false, "INPUT -p udp --dport " + port + " -j DROP");
    } finally {
      director.replaceAll(List.of(service(lab.vip(), 80, Encapsulation.ipip(), false)));
    }
  }

  private static String echo(Cluster facts) {
    Finding finding =
        Optional.ofNullable(findings(probe(facts, List.of(only("PRB-002")))).get("PRB-002"))
            .orElseThrow();
    return finding.observed();
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
      // Of the machine alone: what somebody installed besides may take its time to start.
      String path = "/usr/sbin:/usr/bin:/sbin:/bin";
      Path perl = Files.writeString(folder.resolve("perl"), "#!/bin/sh\nexit 1\n");
      Files.setPosixFilePermissions(perl, PosixFilePermissions.fromString("rwxr-xr-x"));
      List<Host> hosts = new ArrayList<>();
      hosts.add(Host.netns("director"));
      hosts.add(new Elsewhere(Host.netns("director"), path));
      if (Files.isExecutable(Path.of("/usr/bin/python3"))) {
        hosts.add(new Elsewhere(Host.netns("director"), folder + ":" + path));
      }
      Cluster facts =
          collect(
              "tcp:" + lab.vip() + ":80",
              "tcp:" + lab.vip() + ":8080",
              "tcp:[" + lab.vip6() + "]:80",
              "tcp:[" + lab.vip6() + "]:8080");
      for (Host host : hosts) {
        Finding finding =
            findings(probe(reached(facts, host), List.of(only("PRB-002")))).get("PRB-002");
        assertThat(finding.observed())
            .as("%s: %s", host, finding.evidence())
            .isEqualTo("all 8 tunnels are answered");
        for (LabHost server : lab.realServers()) {
          assertThat(server.run("ss", "-Htan", "state", "syn-recv"))
              .as("connections of %s that %s has begun and not ended", server, host)
              .isBlank();
        }
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
