// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The fixture that other lab tests stand on, tried with ipvsadm alone: the library has no part in
 * it.
 */
class TopologyLabIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static void balance(LabHost director, String vip, String forward, List<String> servers) {
    director.run("ipvsadm", "-A", "-t", vip, "-s", "rr");
    for (String server : servers) {
      director.run("ipvsadm", "-a", "-t", vip, "-r", server, forward);
    }
  }

  /** Those that others may have in this guest. */
  private final long before = namespaces();

  private static long namespaces() {
    return Commands.run(List.of("ip", "netns", "list"), "", SOON).orThrow().lines().size();
  }

  @Test
  void tutorialIsTheTutorials() {
    try (Topology cluster = Topology.tutorial().start()) {
      assertThat(cluster.hosts().keySet()).containsExactly("client", "director", "rs1", "rs2");
      assertThat(cluster.client().address()).isEqualTo("10.0.0.100");
      assertThat(cluster.director().address()).isEqualTo("192.168.1.100");
      assertThat(cluster.vip()).isEqualTo("192.168.1.200");
      assertThat(cluster.realServer(1).address()).isEqualTo("192.168.2.101");
      assertThat(cluster.realServer(2).address()).isEqualTo("192.168.3.102");
      for (LabHost host : cluster.hosts().values()) {
        assertThat(host.run("ip", "-o", "address", "show", "eth0"))
            .contains(host.address() + "/24")
            .contains("inet6");
      }
    }
    assertThat(namespaces()).isEqualTo(before);
  }

  @Test
  void packetsReachRealServersThroughTunnels() {
    try (Topology cluster = Topology.tutorial().start()) {
      LabHost director = cluster.director();
      balance(director, "192.168.1.200:80", "-i", List.of("192.168.2.101", "192.168.3.102"));
      balance(
          director,
          "[fd00:192:168:1::200]:80",
          "-i",
          List.of("[fd00:192:168:2::101]:80", "[fd00:192:168:3::102]:80"));
      try (Capture tunnel = director.capture("ip proto 4");
          Capture answers = director.capture("src host 192.168.1.200 and tcp src port 80")) {
        HttpAnswers got = cluster.client().get(cluster.vipUrl(), 10);

        assertThat(got.failures()).isEmpty();
        assertThat(got.byServer()).isEqualTo(Map.of("rs1", 5, "rs2", 5));
        tunnel.await(20, line -> line.contains("IP 10.0.0.100."), SOON);
        assertThat(answers.stop()).isEmpty();
      }
      assertThat(cluster.client().get(cluster.vip6Url(), 4).byServer())
          .isEqualTo(Map.of("rs1", 2, "rs2", 2));
    }
  }

  @Test
  void guePacketsAndGrePacketsAreTakenOutOfTheirTunnels() {
    try (Topology cluster =
        Topology.tutorial()
            .prepare("rs1", Preparation.tunnel().gue())
            .prepare("rs2", Preparation.tunnel().gre())
            .start()) {
      LabHost director = cluster.director();
      director.run("ipvsadm", "-A", "-t", "192.168.1.200:80", "-s", "rr");
      director.run(
          "ipvsadm",
          "-a",
          "-t",
          "192.168.1.200:80",
          "-r",
          "192.168.2.101",
          "-i",
          "--tun-type",
          "gue",
          "--tun-port",
          Integer.toString(Preparation.GUE_PORT));
      director.run(
          "ipvsadm",
          "-a",
          "-t",
          "192.168.1.200:80",
          "-r",
          "192.168.3.102",
          "-i",
          "--tun-type",
          "gre");

      assertThat(cluster.client().get(cluster.vipUrl(), 4).byServer())
          .isEqualTo(Map.of("rs1", 2, "rs2", 2));
    }
  }

  @Test
  void eachStepOfThePreparationIsNeeded() {
    for (Preparation.Step step :
        List.of(Preparation.Step.TUNNEL, Preparation.Step.VIP, Preparation.Step.RP_FILTER)) {
      try (Topology cluster =
          Topology.routed(1).prepare(Preparation.tunnel().without(step)).start()) {
        balance(cluster.director(), "192.168.1.200:80", "-i", List.of("192.168.2.101"));

        HttpAnswers answers = cluster.client().get(cluster.vipUrl(), 1, Duration.ofSeconds(2));

        assertThat(answers.failures()).as("without " + step).hasSize(1);
      }
    }
  }

  @Test
  void flatTopologyRoutesDirectly() {
    try (Topology cluster = Topology.flat(2).start()) {
      List<String> servers = List.of("192.168.1.101", "192.168.1.102");
      balance(cluster.director(), "192.168.1.200:80", "-g", servers);

      assertThat(cluster.client().get(cluster.vipUrl(), 4).byServer())
          .isEqualTo(Map.of("rs1", 2, "rs2", 2));
    }
  }

  @Test
  void flatTopologyMasquerades() {
    try (Topology cluster =
        Topology.flat(2).prepare(Preparation.none()).repliesThroughDirector(true).start()) {
      List<String> servers = List.of("192.168.1.101", "192.168.1.102");
      balance(cluster.director(), "192.168.1.200:80", "-m", servers);

      assertThat(cluster.client().get(cluster.vipUrl(), 4).byServer())
          .isEqualTo(Map.of("rs1", 2, "rs2", 2));
    }
  }

  @Test
  void serversSendMuchTakeMuchAndKeepConnectionsOpen() {
    try (Topology cluster = Topology.routed(1).start()) {
      LabHost client = cluster.client();
      String server = cluster.realServer(1).address();

      assertThat(client.get("http://" + server + "/bytes/1000000").body()).hasSize(1_000_000);
      assertThat(client.upload("http://" + server + "/", 1_000_000, SOON).body())
          .isEqualTo("rs1 received 1000000\n");
      try (LongConnection connection = client.connect(server, 80)) {
        assertThat(connection.server()).isEqualTo("rs1");
        assertThat(connection.server()).isEqualTo("rs1");
        assertThat(connection.isOpen()).isTrue();
      }
      assertThat(
              client
                  .execWithInput(
                      "hello", SOON, List.of("socat", "-t2", "-", "UDP:" + server + ":80"))
                  .output())
          .isEqualTo("rs1 hello");
      assertThat(
              client
                  .execWithInput(
                      "hello", SOON, List.of("socat", "-t2", "-", "UDP:[fd00:192:168:2::101]:8080"))
                  .output())
          .isEqualTo("rs1 hello");
      cluster.realServer(1).stopServer();
      assertThat(client.get("http://" + server + "/").error()).startsWith("curl (7)");
    }
  }

  @Test
  void cablesLoseAndDelayAndHostsCanBeCutOffAndKilled() {
    try (Topology cluster =
        Topology.routed(2).delay("rs1", Duration.ofMillis(60)).mtu("rs2", 1400).start()) {
      LabHost client = cluster.client();
      LabHost slow = cluster.realServer(1);
      LabHost other = cluster.realServer(2);
      String url = "http://" + slow.address() + "/";
      Duration second = Duration.ofSeconds(1);

      // Connecting and asking are a round trip each.
      assertThat(client.get(url).millis()).isGreaterThan(240);
      assertThat(other.run("ip", "link", "show", "eth0")).contains("mtu 1400");
      assertThat(client.exec("ping", "-c1", "-W2", "-Mdo", "-s1400", other.address()).succeeded())
          .isFalse();

      slow.quality(LinkQuality.PERFECT);
      assertThat(client.get(url).ok()).isTrue();
      slow.cutOff();
      assertThat(client.get(url, 1, second).failures()).hasSize(1);
      slow.reconnect();
      assertThat(client.get(url).ok()).isTrue();
      slow.unplug();
      assertThat(client.get(url, 1, second).failures()).hasSize(1);
      slow.reconnect();
      assertThat(client.get(url).ok()).isTrue();

      try (RequestLoop loop = client.keepAsking(slow.address(), 80, Duration.ofMillis(20))) {
        loop.awaitMore(10, SOON);
        slow.kill();
        loop.awaitMore(1, SOON);
        HttpAnswers answers = loop.stop();
        assertThat(answers.byServer().get("rs1")).isGreaterThanOrEqualTo(10);
        assertThat(answers.failures()).isNotEmpty();
      }
      assertThat(client.get("http://" + other.address() + "/").server()).isEqualTo("rs2");
    }
  }

  @Test
  void directorsShareANetwork() {
    try (Topology cluster = Topology.routed(1).directors(2).start()) {
      assertThat(cluster.director(2).address()).isEqualTo("192.168.1.99");
      CommandResult asked =
          cluster.director(2).exec("arping", "-c", "1", "-w", "5", "-I", "eth0", cluster.vip());

      assertThat(asked.succeeded()).as(asked.toString()).isTrue();
    }
  }

  @Test
  void failuresSayWhatWentWrong() {
    try (Topology cluster = Topology.routed(0).httpServers(false).start()) {
      LabHost client = cluster.client();

      assertThatThrownBy(() -> client.run("ip", "link", "show", "eth7"))
          .isInstanceOf(LabException.class)
          .hasMessageContaining("ip link show eth7")
          .hasMessageContaining("eth7\" does not exist");
      assertThatThrownBy(() -> client.exec(Duration.ofMillis(200), List.of("sleep", "30")))
          .isInstanceOf(LabException.class)
          .hasMessageContaining("not done after 200 ms");
      assertThatThrownBy(() -> client.connect("192.168.1.100", 80))
          .isInstanceOf(LabException.class)
          .hasMessageContaining("Connection refused");
      assertThatThrownBy(() -> Topology.tutorial().start())
          .isInstanceOf(LabException.class)
          .hasMessageContaining("close the topology");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> cluster.realServer(1))
          .withMessageContaining("there is no rs1 among [client, director]");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Topology.routed(1).mtu("rs7", 1400).start())
          .withMessageContaining("rs7");
      // Those that failed have left nothing behind.
      assertThat(namespaces()).isEqualTo(before + 3);
    }
  }
}
