// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.Capture;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct routing: director and real servers on one wire, the VIP on all of them. */
class DirectRoutingLabIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Topology cluster;
  private Director director;

  @BeforeEach
  void start() {
    cluster = Topology.flat(2).start();
    director = Director.builder().networkNamespace("director").open();
  }

  @AfterEach
  void end() {
    director.close();
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void requestsAreRoutedAndAnswersComeStraight(int version) {
    boolean v4 = version == 4;
    String vip = v4 ? cluster.vip() : cluster.vip6();
    VirtualService web = VirtualService.tcp(vip, 80).scheduler(Scheduler.RR);
    for (LabHost server : cluster.realServers()) {
      web = web.addRealServer(v4 ? server.address() : server.address6()).directRouting();
    }
    director.apply(web);
    String mac = macOf(cluster.realServer(1));

    try (Capture atDirector = cluster.director().capture("tcp port 80");
        Capture atServer = cluster.realServer(1).capture("tcp dst port 80 and ether dst " + mac)) {
      String url = v4 ? cluster.vipUrl() : cluster.vip6Url();
      assertThat(cluster.client().get(url, 4, PATIENCE).byServer())
          .isEqualTo(Map.of("rs1", 2, "rs2", 2));

      List<String> forwarded =
          atServer.await(1, line -> line.contains("> " + vip + ".80:"), PATIENCE);
      assertThat(forwarded.get(0)).as("the packet itself, not in another").doesNotContain("GRE");
      assertThat(atDirector.stop())
          .as("answers do not pass the director")
          .isNotEmpty()
          .noneMatch(line -> line.contains(vip + ".80 >"));
      assertThat(cluster.director().run("ipvsadm", "-L", "-n")).containsPattern(":80 +Route +1 ");
    }
  }

  private static String macOf(LabHost host) {
    return host.run("cat", "/sys/class/net/eth0/address").strip();
  }
}
