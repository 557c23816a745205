// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.Director;
import io.lvstun.DriverOptions;
import io.lvstun.Encapsulation;
import io.lvstun.NetworkNamespace;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import io.lvstun.network.GuePort;
import io.lvstun.network.HostNetwork;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tunnels and marks whose devices, addresses, routes, rules and ports the library has made. */
class HostNetworkTrafficLabIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Topology cluster;
  private Director director;

  @BeforeEach
  void start() {
    cluster = Topology.tutorial().prepare(Preparation.none()).vipOnDirector(false).start();
    String ignored =
        cluster.director().run("modprobe", "-a", "ipip", "ip_gre", "ip6_tunnel", "fou", "fou6");
    for (LabHost server : cluster.realServers()) {
      try (HostNetwork network = network(server)) {
        network.createTunnel(Tunnel.ipip("lvs0").local(server.address()));
        network.createTunnel(
            Tunnel.of("lvsgre", Tunnel.Kind.GRE).local(server.address()).withInputChecksum());
        network.createTunnel(Tunnel.of("lvs6", Tunnel.Kind.IP6TNL).local(server.address6()));
        network.addAddress("lvs0", LinkAddress.parse(cluster.vip()));
        network.addAddress("lo", LinkAddress.parse(cluster.vip6()).withoutDetection());
        for (String link : List.of("lvs0", "lvsgre", "lvs6")) {
          network.setUp(link, true);
          server.sysctl("net.ipv4.conf." + link + ".rp_filter", 0);
        }
        network.openGuePort(GuePort.of(6080));
        network.openGuePort(new GuePort(6080, AddressFamily.IPV6));
      }
      server.sysctl("net.ipv4.conf.all.rp_filter", 0);
      server.sysctl("net.ipv4.conf.eth0.rp_filter", 0);
    }
    try (HostNetwork network = network(cluster.director())) {
      network.addAddress("eth0", LinkAddress.parse(cluster.vip()));
      network.addAddress(
          "eth0", LinkAddress.parse(cluster.vip6()).asDeprecated().withoutDetection());
    }
    director = Director.builder().networkNamespace("director").open();
  }

  @AfterEach
  void end() {
    director.close();
    cluster.close();
  }

  private static HostNetwork network(LabHost host) {
    return HostNetwork.open(
        new DriverOptions(
            Optional.of(new NetworkNamespace(host.namespace())), Duration.ofSeconds(20)));
  }

  private void assertAnswered(String url) {
    assertThat(cluster.client().get(url, 4, PATIENCE).byServer())
        .isEqualTo(Map.of("rs1", 2, "rs2", 2));
  }

  private VirtualService withServers(
      VirtualService service, Encapsulation encapsulation, boolean overIpv6) {
    VirtualService result = service.scheduler(Scheduler.RR);
    for (LabHost server : cluster.realServers()) {
      result =
          result
              .addRealServer(overIpv6 ? server.address6() : server.address())
              .port(80)
              .tunnel(encapsulation);
    }
    return result;
  }

  @Test
  void ipv4InIpv4() {
    director.apply(withServers(VirtualService.tcp(cluster.vip(), 80), Encapsulation.ipip(), false));
    assertAnswered(cluster.vipUrl());
  }

  @Test
  void ipv4AndIpv6InIpv6() {
    director.apply(
        withServers(VirtualService.tcp(cluster.vip(), 80), Encapsulation.ipip(), true),
        withServers(VirtualService.tcp(cluster.vip6(), 80), Encapsulation.ipip(), true));
    assertAnswered(cluster.vipUrl());
    assertAnswered(cluster.vip6Url());
  }

  @Test
  void gueOverIpv4AndIpv6() {
    director.apply(
        withServers(VirtualService.tcp(cluster.vip(), 80), Encapsulation.gue(6080), false),
        withServers(VirtualService.tcp(cluster.vip6(), 80), Encapsulation.gue(6080), true));
    assertAnswered(cluster.vipUrl());
    assertAnswered(cluster.vip6Url());
  }

  @Test
  void greWithChecksum() {
    director.apply(
        withServers(VirtualService.tcp(cluster.vip(), 80), Encapsulation.gre().checksum(), false));
    assertAnswered(cluster.vipUrl());
  }

  /** The director has no VIP: packets with the mark are its own by a rule and a table. */
  @Test
  void directorWithoutTheVipServesAMark() {
    LabHost host = cluster.director();
    LinkAddress vip = LinkAddress.parse(cluster.vip());
    try (HostNetwork network = network(host)) {
      network.removeAddress("eth0", vip);
      String routed =
          host.run("ip", "-n", "router", "route", "add", cluster.vip(), "via", host.address());
      String marked =
          host.execWithInput(
                  "add table ip marks\n"
                      + "add chain ip marks in { type filter hook prerouting priority mangle; }\n"
                      + "add rule ip marks in ip daddr "
                      + cluster.vip()
                      + " meta mark set 7\n",
                  PATIENCE,
                  List.of("nft", "-f", "-"))
              .orThrow()
              .output();
      assertThat(routed + marked).isEmpty();
      // tag::mark[]
      network.addRoute(Route.local("0.0.0.0/0").table(100));
      network.addMarkRule(MarkRule.of(7, 100));
      // end::mark[]
      VirtualService marks = VirtualService.fwmark(7).scheduler(Scheduler.RR);
      for (LabHost server : cluster.realServers()) {
        marks = marks.addRealServer(server.address()).tunnel();
      }
      director.apply(marks);
      assertAnswered(cluster.vipUrl());

      network.removeMarkRule(MarkRule.of(7, 100));
      assertThat(cluster.client().get(cluster.vipUrl(), 1, Duration.ofSeconds(2)).failures())
          .as("without the rule")
          .hasSize(1);
      network.removeRoute(Route.local("0.0.0.0/0").table(100));
      network.addAddress("eth0", vip);
    }
  }
}
