// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.Capture;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import io.lvstun.state.Counters;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masquerading: addresses and ports are rewritten, and answers come back through the director. */
class MasqueradeLabIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Topology cluster;
  private Director director;

  @BeforeEach
  void start() {
    cluster = Topology.flat(2).prepare(Preparation.none()).repliesThroughDirector(true).start();
    director = Director.builder().networkNamespace("director").open();
  }

  @AfterEach
  void end() {
    director.close();
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void requestsReachAnotherPortAndAnswersAreCounted(int version) {
    boolean v4 = version == 4;
    String vip = v4 ? cluster.vip() : cluster.vip6();
    VirtualService web = VirtualService.tcp(vip, 80).scheduler(Scheduler.RR);
    for (LabHost server : cluster.realServers()) {
      web = web.addRealServer(v4 ? server.address() : server.address6()).port(8080).masquerade();
    }
    director.apply(web);

    try (Capture atServer = cluster.realServer(1).capture("tcp dst port 8080")) {
      String url = v4 ? cluster.vipUrl() : cluster.vip6Url();
      assertThat(cluster.client().get(url, 4, PATIENCE).byServer())
          .isEqualTo(Map.of("rs1", 2, "rs2", 2));

      atServer.await(1, line -> line.contains(".8080: Flags [S]"), PATIENCE);
    }
    VirtualService made = web;
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Counters counters = director.find(made.key()).orElseThrow().counters();
              assertThat(counters.connections()).isEqualTo(4);
              assertThat(counters.outPackets()).as("answers pass the director").isPositive();
              assertThat(counters.outBytes()).isPositive();
            });
  }
}
