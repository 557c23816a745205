// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static io.lvstun.examples.traffic.Clients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvstun.Director;
import io.lvstun.IpAddress;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.LongConnection;
import io.lvstun.examples.lab.RequestLoop;
import io.lvstun.examples.lab.Topology;
import io.lvstun.state.Connection;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What traffic leaves behind in counters, rates and the connection table, against ipvsadm's view.
 */
class ObservationLabIT {

  /** The kernel refreshes its counters every two seconds; a busy machine takes longer. */
  private static final Duration REFRESH = Duration.ofSeconds(60);

  private Topology cluster;
  private VirtualService web;

  @BeforeEach
  void start() {
    cluster = Topology.tutorial().start();
    web = VirtualService.tcp(cluster.vip(), 80).scheduler(Scheduler.RR);
    for (LabHost server : cluster.realServers()) {
      web = web.addRealServer(server.address()).tunnel();
    }
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private Director open(String driver) {
    Director director = Director.builder().driver(driver).networkNamespace("director").open();
    director.apply(web);
    return director;
  }

  private String ipvsadm(String... arguments) {
    return cluster
        .director()
        .run(Stream.concat(Stream.of("ipvsadm"), Stream.of(arguments)).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"netlink", "ipvsadm"})
  void countersTellWhatCame(String driver) {
    try (Director director = open(driver)) {
      director.zero(web.key());
      assertThat(cluster.client().get(cluster.vipUrl(), 6, PATIENCE).byServer())
          .isEqualTo(Map.of("rs1", 3, "rs2", 3));

      await()
          .atMost(REFRESH)
          .untilAsserted(
              () -> {
                ServiceState state = director.find(web.key()).orElseThrow();
                assertThat(state.counters().connections()).isEqualTo(6);
                assertThat(state.counters().inPackets())
                    .as("at least SYN, ACK, request, ACK, FIN a connection")
                    .isGreaterThanOrEqualTo(30);
                assertThat(state.counters().outPackets()).as("answers go elsewhere").isZero();
                assertThat(state.servers().stream().map(s -> s.counters().connections()))
                    .containsExactly(3L, 3L);
                assertThat(sumOfServers(state)).isEqualTo(state.counters().inBytes());
                assertThat(ipvsadm("-L", "-n", "--stats", "--exact").replaceAll(" +", " "))
                    .contains(
                        "TCP 192.168.1.200:80 6 "
                            + state.counters().inPackets()
                            + " 0 "
                            + state.counters().inBytes()
                            + " 0\n");
              });

      director.zero();
      assertThat(director.find(web.key()).orElseThrow().counters().connections()).isZero();
    }
  }

  private static long sumOfServers(ServiceState state) {
    return state.servers().stream().mapToLong(server -> server.counters().inBytes()).sum();
  }

  @Test
  void ratesTellWhatIsComing() {
    try (Director director = open("netlink");
        RequestLoop loop = cluster.client().keepAsking(cluster.vip(), 80, Duration.ofMillis(20))) {
      await()
          .atMost(REFRESH)
          .untilAsserted(
              () -> {
                ServiceState state = director.find(web.key()).orElseThrow();
                assertThat(state.rates().connections()).isPositive();
                assertThat(state.rates().inPackets()).isGreaterThan(state.rates().connections());
                assertThat(state.rates().inBytes()).isGreaterThan(state.rates().inPackets());
                assertThat(state.servers())
                    .extracting(ServerState::rates)
                    .doesNotContain(Rates.ZERO);
              });
      assertThat(loop.stop().failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"netlink", "ipvsadm"})
  void connectionTableIsWhatTheBinaryPrints(String driver) {
    try (Director director = open(driver);
        LongConnection first = cluster.client().connect(cluster.vip(), 80);
        LongConnection second = cluster.client().connect(cluster.vip(), 80)) {
      assertThat(List.of(first.server(), second.server())).containsExactlyInAnyOrder("rs1", "rs2");

      // States change while nobody looks: compare until both saw the same moment.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                List<String> ours;
                try (Stream<Connection> connections = director.connections()) {
                  ours = connections.map(ObservationLabIT::columns).sorted().toList();
                }
                List<String> binary =
                    ipvsadm("-L", "-n", "-c")
                        .lines()
                        .skip(2)
                        .map(line -> line.replaceFirst(" +\\d+:\\d+ +", " ").replaceAll(" +", " "))
                        .map(String::strip)
                        .sorted()
                        .toList();
                assertThat(ours).isEqualTo(binary);
                assertThat(ours.stream().filter(row -> row.contains(" ESTABLISHED ")))
                    .hasSizeGreaterThanOrEqualTo(2);
              });
      try (Stream<Connection> connections = director.connections()) {
        Optional<Connection> any =
            connections.filter(it -> it.state().equals("ESTABLISHED")).findAny();
        assertThat(any.orElseThrow().expires())
            .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(900));
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(director.find(web.key()).orElseThrow().servers())
                      .allSatisfy(server -> assertThat(server.activeConnections()).isPositive()));
    }
  }

  private static String columns(Connection connection) {
    return String.join(
        " ",
        connection.protocol().toString(),
        connection.state(),
        IpAddress.format(connection.client(), connection.clientPort()),
        IpAddress.format(connection.virtual(), connection.virtualPort()),
        IpAddress.format(connection.server(), connection.serverPort()));
  }
}
