// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.HttpAnswer;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tunnel that IPVS knows, with every mixture of IPv4 and IPv6. */
class TunnelTrafficLabIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration NO_ANSWER = Duration.ofSeconds(2);
  private static final int UPLOAD = 20_000;

  private Topology cluster;
  private Director director;
  private WireCapture wire;

  /**
   * A way from client to real server.
   *
   * @param vip 4 or 6
   * @param server 4 or 6
   */
  record Way(Encapsulation encapsulation, int vip, int server) {
    @Override
    public String toString() {
      return "IPv" + vip + " in " + encapsulation + " over IPv" + server;
    }
  }

  static List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (Encapsulation encapsulation :
        List.of(
            Encapsulation.ipip(),
            Encapsulation.gue(Preparation.GUE_PORT),
            Encapsulation.gue(Preparation.GUE_PORT).checksum(),
            Encapsulation.gue(Preparation.GUE_PORT).remoteChecksum(),
            Encapsulation.gre())) {
      ways.addAll(ways(encapsulation));
    }
    return ways;
  }

  private static List<Way> ways(Encapsulation encapsulation) {
    return List.of(
        new Way(encapsulation, 4, 4),
        new Way(encapsulation, 4, 6),
        new Way(encapsulation, 6, 4),
        new Way(encapsulation, 6, 6));
  }

  @BeforeEach
  void start() {
    cluster = Topology.routed(2).prepare(Preparation.tunnel().gue().gre()).start();
    director = Director.builder().networkNamespace("director").open();
    wire = new WireCapture(cluster.director(), "not icmp and not icmp6 and not arp");
  }

  @AfterEach
  void end() {
    wire.close();
    director.close();
    cluster.close();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void requestsArriveThroughTheTunnel(Way way) {
    assertRequestsArrive(way);
  }

  @Test
  void greWithChecksumArrivesWhereTheDeviceExpectsIt() {
    for (LabHost server : cluster.realServers()) {
      addDeviceForGreWithChecksum(server);
    }
    try {
      ways(Encapsulation.gre().checksum()).forEach(this::assertRequestsArrive);
    } finally {
      for (LabHost server : cluster.realServers()) {
        server.run("ip", "link", "del", "gre-sum");
        server.run("ip", "link", "del", "gre6-sum");
      }
    }
  }

  private static void addDeviceForGreWithChecksum(LabHost server) {
    server.run("ip", "link", "add", "gre-sum", "type", "gre", "local", server.address(), "icsum");
    server.run(
        "ip", "link", "add", "gre6-sum", "type", "ip6gre", "local", server.address6(), "icsum");
    server.sysctl("net.ipv4.conf.gre-sum.rp_filter", 0);
    server.sysctl("net.ipv4.conf.gre6-sum.rp_filter", 0);
    server.run("ip", "link", "set", "gre-sum", "up");
    server.run("ip", "link", "set", "gre6-sum", "up");
  }

  @Test
  void greWithChecksumIsDroppedWhereTheDeviceExpectsNone() {
    Way way = new Way(Encapsulation.gre().checksum(), 4, 4);
    director.apply(service(way));

    HttpAnswer answer = cluster.client().get(url(way), 1, NO_ANSWER).answers().get(0);

    assertThat(answer.error()).startsWith("curl (28)");
    assertThat(wire.await(packet -> packet.protocol() == WirePacket.GRE).greChecksum()).isTrue();
    long errors = 0;
    for (LabHost server : cluster.realServers()) {
      errors +=
          Long.parseLong(server.run("cat", "/sys/class/net/gre0/statistics/rx_crc_errors").strip());
    }
    assertThat(errors).as("packets that gre0 refused for their checksum").isPositive();
  }

  /**
   * The source of the outer header is the director's to choose, and it must not be the VIP: the
   * real server has the VIP too, and drops IPv6 tunnel packets that claim to come from itself.
   */
  @Test
  void ipv6TunnelsFailWhenTheKernelPicksTheVipAsTheirSource() {
    Way way = new Way(Encapsulation.ipip(), 6, 6);
    director.apply(service(way));
    preferVip("forever");
    try {
      HttpAnswer answer = cluster.client().get(url(way), 1, NO_ANSWER).answers().get(0);

      assertThat(answer.error()).startsWith("curl (28)");
      WirePacket packet = wire.await(it -> it.protocol() == WirePacket.IPV6_IN_IP);
      assertThat(packet.source()).isEqualTo(cluster.vip6());
    } finally {
      preferVip("0");
    }

    // The kernel remembers the source with the server; new servers get a new one.
    director.flush();
    assertRequestsArrive(way);
  }

  private void preferVip(String lifetime) {
    cluster
        .director()
        .run(
            "ip",
            "-6",
            "address",
            "change",
            cluster.vip6() + "/128",
            "dev",
            "eth0",
            "preferred_lft",
            lifetime);
  }

  private void assertRequestsArrive(Way way) {
    wire.forget();
    director.apply(service(way));

    assertThat(cluster.client().get(url(way), 2, PATIENCE).byServer())
        .as(way.toString())
        .isEqualTo(Map.of("rs1", 1, "rs2", 1));
    assertThat(cluster.client().upload(url(way), UPLOAD, PATIENCE).body())
        .as("full packets arrive too")
        .contains(" received " + UPLOAD);

    for (LabHost server : cluster.realServers()) {
      String rip = way.server() == 4 ? server.address() : address6(server);
      assertTunnelled(way, wire.await(packet -> packet.target().equals(rip)));
    }
    assertThat(wire.packets())
        .as("answers do not pass the director")
        .noneMatch(packet -> packet.source().equals(vip(way)));
  }

  private void assertTunnelled(Way way, WirePacket outer) {
    LabHost host = cluster.director();
    assertThat(outer.source()).isEqualTo(way.server() == 4 ? host.address() : address6(host));
    Encapsulation encapsulation = way.encapsulation();
    switch (encapsulation.type()) {
      case Encapsulation.TYPE_GUE -> {
        assertThat(outer.protocol()).isEqualTo(WirePacket.UDP);
        assertThat(outer.targetPort()).isEqualTo(encapsulation.port());
        assertThat(outer.gueOptions())
            .isEqualTo(encapsulation.flags() == Encapsulation.FLAG_REMOTE_CHECKSUM ? 8 : 0);
        if (encapsulation.flags() == 0) {
          assertThat(outer.udpChecksum()).as("no checksum").isZero();
        } else if (encapsulation.flags() == Encapsulation.FLAG_CHECKSUM) {
          assertThat(outer.udpChecksum()).as("a checksum").isNotZero();
        }
      }
      case Encapsulation.TYPE_GRE -> {
        assertThat(outer.protocol()).isEqualTo(WirePacket.GRE);
        assertThat(outer.greChecksum())
            .isEqualTo(encapsulation.flags() == Encapsulation.FLAG_CHECKSUM);
      }
      default ->
          assertThat(outer.protocol())
              .isEqualTo(way.vip() == 4 ? WirePacket.IPIP : WirePacket.IPV6_IN_IP);
    }
    WirePacket inner = outer.inner(encapsulation.port()).orElseThrow();
    LabHost client = cluster.client();
    assertThat(inner.source()).isEqualTo(way.vip() == 4 ? client.address() : address6(client));
    assertThat(inner.target()).isEqualTo(vip(way));
    assertThat(inner.targetPort()).isEqualTo(80);
  }

  private static String address6(LabHost host) {
    return IpAddress.format(host.inetAddress6());
  }

  private String vip(Way way) {
    return way.vip() == 4 ? cluster.vip() : cluster.vip6();
  }

  private String url(Way way) {
    return way.vip() == 4 ? cluster.vipUrl() : cluster.vip6Url();
  }

  private VirtualService service(Way way) {
    VirtualService service = VirtualService.tcp(vip(way), 80).scheduler(Scheduler.RR);
    for (LabHost server : cluster.realServers()) {
      service =
          service
              .addRealServer(way.server() == 4 ? server.address() : server.address6())
              .tunnel(way.encapsulation());
    }
    return service;
  }
}
