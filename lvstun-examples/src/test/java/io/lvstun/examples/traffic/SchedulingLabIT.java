// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static io.lvstun.examples.traffic.Clients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvstun.Director;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.HttpAnswer;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.LongConnection;
import io.lvstun.examples.lab.Topology;
import io.lvstun.state.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which server gets a connection: schedulers, weights, persistence, thresholds, marks. */
class SchedulingLabIT {

  private static final String SECOND = "10.0.0.150";
  private static final String THIRD = "10.0.0.160";
  private static final String SECOND6 = "fd00:10::150";
  private static final Timeouts DEFAULTS = Timeouts.ofSeconds(900, 120, 300);
  private static final Timeouts SHORT_AFTER_END = Timeouts.ofSeconds(900, 1, 300);

  private Topology cluster;
  private LabHost client;
  private Director director;

  @BeforeEach
  void start() {
    cluster = Topology.tutorial().ports(80, 8080, 8081, 8082).start();
    client = cluster.client();
    client.run("ip", "address", "add", SECOND + "/32", "dev", "eth0");
    client.run("ip", "address", "add", THIRD + "/32", "dev", "eth0");
    client.run("ip", "address", "add", SECOND6 + "/128", "dev", "eth0", "nodad");
    director = Director.builder().networkNamespace("director").open();
  }

  @AfterEach
  void end() {
    director.close();
    cluster.close();
  }

  private VirtualService web() {
    return withServers(VirtualService.tcp(cluster.vip(), 80).scheduler(Scheduler.RR));
  }

  private VirtualService withServers(VirtualService service) {
    for (LabHost server : cluster.realServers()) {
      service = service.addRealServer(server.address()).tunnel();
    }
    return service;
  }

  private SortedMap<String, Integer> ask(int times) {
    return client.get(cluster.vipUrl(), times, PATIENCE).byServer();
  }

  private String askOnce() {
    SortedMap<String, Integer> answer = ask(1);
    assertThat(answer).as("answer to one request").hasSize(1);
    return answer.firstKey();
  }

  private String url(int port) {
    return "http://" + cluster.vip() + ":" + port + "/";
  }

  private void assertRefused(int port) {
    HttpAnswer answer = client.get(url(port), 1, PATIENCE).answers().get(0);
    assertThat(answer.error()).startsWith("curl (7)");
  }

  private String addressOf(String server) {
    return cluster.host(server).address();
  }

  private String listing(String... options) {
    List<String> command = new ArrayList<>(List.of("ipvsadm", "-L", "-n"));
    command.addAll(List.of(options));
    return cluster.director().run(command.toArray(String[]::new));
  }

  // -- weights -----------------------------------------------------------------------------------

  @Test
  void weightsAreHonoured() {
    director.apply(
        web().scheduler(Scheduler.WRR).realServer(addressOf("rs1"), server -> server.weight(3)));

    assertThat(ask(8)).isEqualTo(Map.of("rs1", 6, "rs2", 2));
    assertThat(listing()).containsPattern("192\\.168\\.2\\.101:80 +Tunnel +3 ");
  }

  @Test
  void weightZeroKeepsConnectionsAndTakesNoNewOnes() {
    VirtualService web = web();
    director.apply(web);
    try (LongConnection connection = client.connect(cluster.vip(), 80)) {
      String server = connection.server();
      String other = server.equals("rs1") ? "rs2" : "rs1";

      director.edit(web.key(), it -> it.realServer(addressOf(server), s -> s.weight(0)));

      assertThat(ask(3)).isEqualTo(Map.of(other, 3));
      assertThat(connection.server()).isEqualTo(server);

      director.edit(web.key(), it -> it.realServer(addressOf(other), s -> s.weight(0)));

      assertRefused(80);
      assertThat(connection.server()).isEqualTo(server);
      assertThat(listing("-c"))
          .containsPattern("ESTABLISHED .* " + addressOf(server).replace(".", "\\.") + ":80");
    }
  }

  @Test
  void fullServerTakesNoConnectionUntilOneEnds() {
    director.timeouts(SHORT_AFTER_END);
    // A port of its own: a server that is added again still counts its connections of before.
    int port = 8080;
    director.apply(
        VirtualService.tcp(cluster.vip(), port)
            .scheduler(Scheduler.RR)
            .addRealServer(addressOf("rs1"))
            .thresholds(1, 0)
            .tunnel());
    assertThat(listing("--thresholds")).containsPattern("192\\.168\\.2\\.101:8080 +1 +0 ");
    try (LongConnection connection = client.connect(cluster.vip(), port)) {
      assertThat(connection.server()).isEqualTo("rs1");
      assertRefused(port);
      assertThat(connection.server()).isEqualTo("rs1");
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(askOnce(url(port))).isEqualTo("rs1"));
  }

  // -- hashing -----------------------------------------------------------------------------------

  static List<Scheduler> hashing() {
    return List.of(Scheduler.SH, Scheduler.MH);
  }

  @ParameterizedTest
  @MethodSource("hashing")
  void hashKeepsAClientOnItsServer(Scheduler scheduler) {
    director.apply(web().scheduler(scheduler));

    assertThat(ask(5)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("hashing")
  void hashWithPortSpreadsAClient(Scheduler scheduler) {
    // Both schedulers use the same bit for it.
    assertThat(SchedulerFlag.SH_PORT).isEqualTo(SchedulerFlag.MH_PORT);
    director.apply(web().scheduler(scheduler.with(SchedulerFlag.SH_PORT)));

    // One server for all of 20 ports happens once in half a million runs.
    assertThat(ask(20)).containsOnlyKeys("rs1", "rs2");
    assertThat(listing()).contains(scheduler.name() + " (" + scheduler.name() + "-port)");
  }

  @ParameterizedTest
  @MethodSource("hashing")
  void hashWithFallbackLeavesAFullServer(Scheduler scheduler) {
    assertThat(SchedulerFlag.SH_FALLBACK).isEqualTo(SchedulerFlag.MH_FALLBACK);
    int port = scheduler.equals(Scheduler.SH) ? 8081 : 8082;
    VirtualService web = VirtualService.tcp(cluster.vip(), port).scheduler(scheduler);
    for (LabHost server : cluster.realServers()) {
      web = web.addRealServer(server.address()).thresholds(1, 0).tunnel();
    }
    director.apply(web);
    try (LongConnection connection = client.connect(cluster.vip(), port)) {
      String full = connection.server();
      assertRefused(port);

      director.apply(web.scheduler(scheduler.with(SchedulerFlag.SH_FALLBACK)));

      assertThat(askOnce(url(port))).isNotEqualTo(full);
      assertThat(listing()).contains(scheduler.name() + " (" + scheduler.name() + "-fallback)");
    }
  }

  // -- persistence -------------------------------------------------------------------------------

  @Test
  void persistentClientStaysUntilTheTimeIsUp() {
    director.timeouts(SHORT_AFTER_END);
    VirtualService web = web().persistence(Duration.ofSeconds(4));
    director.apply(web);

    SortedMap<String, Integer> answers = ask(3);

    assertThat(answers).hasSize(1);
    String server = answers.firstKey();
    assertThat(listing("-c"))
        .containsPattern("(NONE|ASSURED) +10\\.0\\.0\\.100:0 +192\\.168\\.1\\.200:80 ");
    await()
        .atMost(Duration.ofSeconds(150))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              try (Stream<Connection> connections = director.connections()) {
                assertThat(connections.toList()).isEmpty();
              }
            });
    assertThat(askOnce()).isNotEqualTo(server);
  }

  @Test
  void persistenceMaskKeepsANetworkTogether() {
    VirtualService web =
        web().persistence(Persistence.of(Duration.ofMinutes(5)).netmask("255.255.255.0"));
    director.apply(web);

    Set<String> servers = new HashSet<>();
    for (String address : List.of(client.address(), SECOND, THIRD)) {
      servers.add(Clients.get(client, address, cluster.vipUrl()));
    }

    assertThat(servers).hasSize(1);
    assertThat(listing()).contains("persistent 300 mask 255.255.255.0");

    director.remove(web.key());
    director.apply(web.persistence(Duration.ofMinutes(5)));
    // The old templates are of the network; these are of addresses.
    servers.clear();
    for (String address : List.of(client.address(), SECOND, THIRD)) {
      servers.add(Clients.get(client, address, cluster.vipUrl()));
    }
    assertThat(servers).containsExactlyInAnyOrder("rs1", "rs2");
  }

  @Test
  void persistencePrefixKeepsAnIpv6NetworkTogether() {
    VirtualService web =
        withServers(VirtualService.tcp(cluster.vip6(), 80).scheduler(Scheduler.RR))
            .persistence(Persistence.of(Duration.ofMinutes(5)).prefixLength(64));
    director.apply(web);

    String first = Clients.get(client, client.address6(), cluster.vip6Url());

    assertThat(Clients.get(client, SECOND6, cluster.vip6Url())).isEqualTo(first);
    assertThat(Clients.get(client, client.address6(), cluster.vip6Url())).isEqualTo(first);
    assertThat(listing()).contains("persistent 300 mask 64");
  }

  @Test
  void allPortsOfAnAddressGoToOneServer() {
    director.apply(
        withServers(
            VirtualService.allPorts(
                    Protocol.TCP, cluster.vip(), Persistence.of(Duration.ofMinutes(5)))
                .scheduler(Scheduler.RR)));

    String server = askOnce();

    assertThat(Clients.get(client, client.address(), url(8080))).isEqualTo(server);
    assertThat(askOnce()).isEqualTo(server);
    assertThat(listing()).contains("TCP  192.168.1.200:0 rr persistent 300");
  }

  // -- firewall marks ----------------------------------------------------------------------------

  @Test
  void markedPacketsFindTheServiceOfTheirMark() {
    long largeMark = 0x8000_0007L;
    String rules =
        """
        table inet marks {
          chain prerouting {
            type filter hook prerouting priority mangle
            ip daddr %s tcp dport { 80, 8080 } meta mark set %d counter
            ip6 daddr %s tcp dport { 80, 8080 } meta mark set 7 counter
          }
        }
        """
            .formatted(cluster.vip(), largeMark, cluster.vip6());
    assertThat(
            cluster
                .director()
                .execWithInput(rules, PATIENCE, List.of("nft", "-f", "-"))
                .succeeded())
        .isTrue();
    try {
      director.apply(
          withServers(VirtualService.fwmark(largeMark).scheduler(Scheduler.RR)),
          withServers(VirtualService.fwmark6(7).scheduler(Scheduler.RR)));

      List<String> servers = new ArrayList<>();
      for (String vip : List.of(cluster.vip(), "[" + cluster.vip6() + "]")) {
        servers.add(askOnce("http://" + vip + "/"));
        servers.add(askOnce("http://" + vip + ":8080/"));
      }

      // Two ports take turns: they are one service.
      assertThat(servers.get(0)).isNotEqualTo(servers.get(1));
      assertThat(servers.get(2)).isNotEqualTo(servers.get(3));
      assertThat(cluster.director().run("nft", "list", "table", "inet", "marks"))
          .doesNotContain("packets 0 ");
      assertThat(listing()).contains("FWM  7 IPv6 rr");
    } finally {
      cluster.director().run("nft", "delete", "table", "inet", "marks");
    }
  }

  private String askOnce(String url) {
    SortedMap<String, Integer> answer = client.get(url, 1, PATIENCE).byServer();
    assertThat(answer).as("answer from " + url).hasSize(1);
    return answer.firstKey();
  }

  // -- other protocols ---------------------------------------------------------------------------

  @Test
  void onePacketSchedulingTreatsEachDatagramByItself() {
    VirtualService names =
        withServers(VirtualService.udp(cluster.vip(), 80).scheduler(Scheduler.RR));
    director.apply(names);

    assertThat(new HashSet<>(Clients.udp(client, cluster.vip(), 80, 4))).hasSize(1);
    Set<Integer> flows = udpFlows();
    assertThat(flows).as("the kernel remembers a flow").isNotEmpty();

    director.apply(names.onePacket(true));

    assertThat(Clients.udp(client, cluster.vip(), 80, 4))
        .as("servers take turns within a flow")
        .hasSize(4)
        .containsSubsequence("rs1", "rs2")
        .containsSubsequence("rs2", "rs1");
    assertThat(udpFlows()).as("the kernel remembers nothing").isSubsetOf(flows);
    assertThat(listing()).contains("UDP  192.168.1.200:80 rr ops");
  }

  private Set<Integer> udpFlows() {
    try (Stream<Connection> connections = director.connections()) {
      return connections
          .filter(connection -> connection.protocol().equals(Protocol.UDP))
          .map(Connection::clientPort)
          .collect(Collectors.toSet());
    }
  }

  @Test
  void sctpAssociationsAreTunnelled() {
    cluster.director().run("modprobe", "sctp");
    List<BackgroundCommand> servers = new ArrayList<>();
    try {
      for (LabHost host : cluster.realServers()) {
        BackgroundCommand server =
            host.start(Clients.sctpServer(host.name(), cluster.vip(), 9000).toArray(String[]::new));
        servers.add(server);
        server.awaitOutput(text -> text.contains("ready"), PATIENCE);
      }
      director.apply(withServers(VirtualService.sctp(cluster.vip(), 9000).scheduler(Scheduler.RR)));

      Set<String> answers = new HashSet<>();
      answers.add(Clients.sctp(client, cluster.vip(), 9000));
      answers.add(Clients.sctp(client, cluster.vip(), 9000));

      assertThat(answers).containsExactlyInAnyOrder("rs1", "rs2");
      assertThat(listing("-c")).contains("SCTP");
    } finally {
      servers.forEach(BackgroundCommand::close);
    }
  }

  @Test
  void servicesOfOnePortDifferByProtocol() {
    director.apply(
        VirtualService.tcp(cluster.vip(), 80)
            .scheduler(Scheduler.RR)
            .addRealServer(addressOf("rs1"))
            .tunnel(),
        VirtualService.udp(cluster.vip(), 80)
            .scheduler(Scheduler.RR)
            .addRealServer(addressOf("rs2"))
            .tunnel());

    assertThat(askOnce()).isEqualTo("rs1");
    assertThat(Clients.udp(client, cluster.vip(), 80, 1)).containsExactly("rs2");
    assertThat(listing()).contains("UDP  192.168.1.200:80 rr");
  }
}
